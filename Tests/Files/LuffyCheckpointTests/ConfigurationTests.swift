import Foundation
import LuffyCheckpoint
import LuffyJSON
import LuffyModel
import Testing

@Suite struct ConfigurationTests {
  private static let base: [String: String] = [
    "model_type": "\"llama\"", "vocab_size": "97", "hidden_size": "32", "num_hidden_layers": "2",
    "num_attention_heads": "4", "num_key_value_heads": "2", "head_dim": "8",
    "intermediate_size": "56", "rope_theta": "500000.0",
  ]

  private func parse(_ changes: [String: String?]) throws -> ModelConfiguration {
    var keys = Self.base
    for (key, value) in changes { keys[key] = value }
    let text = "{" + keys.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    return try ModelConfiguration(try JSONDocument(parsing: text).root)
  }

  @Test func oldAndNewRopeKeysAgree() throws {
    let old = try parse([
      "rope_scaling":
        #"{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":8192}"#
    ])
    let new = try parse([
      "rope_theta": nil,
      "rope_parameters":
        #"{"rope_theta":500000.0,"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":8192}"#,
    ])
    #expect(old == new)
    #expect(
      old.ropeScaling == .llama3(factor: 8, low: 1, high: 4, originalPositions: 8192))
    #expect(try ModelConfiguration(JSONDocument(parsing: old.huggingFaceJSON()).root) == old)
  }

  @Test(
    arguments: [
      ("vocab_size", nil), ("vocab_size", "0"), ("vocab_size", "-4"), ("vocab_size", "1e30"),
      ("hidden_size", "\"x\""), ("hidden_size", "9223372036854775807"), ("num_hidden_layers", "0"),
      ("num_attention_heads", "0"), ("num_key_value_heads", "3"), ("num_key_value_heads", "0"),
      ("head_dim", "7"), ("head_dim", "0"), ("rms_norm_eps", "0"), ("rope_theta", "-1"),
      ("model_type", "\"gpt2\""), ("hidden_act", "\"gelu\""), ("mlp_bias", "true"),
      ("partial_rotary_factor", "0.5"), ("eos_token_id", "97"), ("eos_token_id", "\"x\""),
      ("layer_types", #"["full_attention","sliding_attention"]"#), ("attention_bias", "true"),
      ("tie_word_embeddings", "3"),
    ] as [(String, String?)])
  func errorsNameTheKey(_ key: String, _ value: String?) {
    do {
      _ = try parse([key: value])
      Issue.record("accepted \(key) = \(value ?? "nothing")")
    } catch {
      let text = "\(error)"
      #expect(text.contains(key) || text.contains("special token"), "\(text)")
    }
  }

  @Test func hostileRopeParameters() {
    for rope in [
      #"{"rope_type":"dynamic","factor":4}"#, #"{"rope_type":"yarn"}"#, #"{"rope_type":"linear"}"#,
      #"{"rope_type":"linear","factor":0}"#, #"{"rope_type":"llama3","factor":8}"#,
      #"{"partial_rotary_factor":0.25}"#,
    ] {
      #expect(throws: ModelError.self) { try parse(["rope_scaling": rope]) }
    }
  }

  /// What transformers reads first wins, and what is written says the same.
  @Test func ropeScalingStandsForRopeParameters() throws {
    let both = try parse([
      "rope_scaling": #"{"type":"yarn","factor":4.0,"original_max_position_embeddings":64}"#,
      "rope_parameters": #"{"rope_type":"default","rope_theta":7.0}"#,
    ])
    #expect(both.ropeTheta == 500_000)
    #expect(both.ropeScaling == .yarn(YarnScaling(factor: 4, originalPositions: 64)))
    for rope in [
      #"{"rope_type":"yarn","factor":4,"original_max_position_embeddings":64}"#,
      #"{"rope_type":"yarn","factor":4,"attention_factor":1.5,"beta_fast":8,"beta_slow":2,"truncate":false}"#,
      #"{"rope_type":"yarn","factor":4,"mscale":0.7,"mscale_all_dim":1.3}"#,
      #"{"rope_type":"linear","factor":2.5}"#,
    ] {
      let read = try parse(["rope_scaling": rope])
      #expect(try ModelConfiguration(JSONDocument(parsing: read.huggingFaceJSON()).root) == read)
    }
  }

  /// Qwen2.5's README adds the scaling and leaves max_position_embeddings; without scaling that is the limit.
  @Test func yarnServesTheStretchedPositions() throws {
    let yarn = #"{"type":"yarn","factor":4.0,"original_max_position_embeddings":32768}"#
    for (positions, scaling, longest) in [
      ("32768", yarn, 131_072), ("131072", yarn, 131_072), ("262144", yarn, 262_144),
      ("32768", #"{"rope_type":"linear","factor":4}"#, 32_768),
      ("32768", #"{"rope_type":"default"}"#, 32_768),
    ] {
      let read = try parse(["max_position_embeddings": positions, "rope_scaling": scaling])
      #expect(read.longestSequence == longest, "\(positions) \(scaling)")
    }
    #expect(try parse(["rope_scaling": yarn]).longestSequence == nil)
  }

  /// Another model is UNSUPPORTED whatever else is wrong; a malformed key is not.
  @Test func unsupportedModelsAreToldFromMalformedOnes() {
    for (key, value, isUnsupported) in [
      ("model_type", "\"mistral\"", true),
      ("quantization_config", #"{"quant_method":"awq"}"#, true),
      ("rope_scaling", #"{"rope_type":"longrope"}"#, true), ("vocab_size", "0", false),
      ("rope_scaling", "[]", false),
    ] {
      do {
        _ = try parse([key: value, "hidden_size": isUnsupported ? nil : "32"])
        Issue.record("accepted \(key) = \(value)")
      } catch ModelError.unsupported {
        #expect(isUnsupported)
      } catch {
        #expect(!isUnsupported || key == "rope_scaling", "\(error)")
      }
    }
  }

  @Test func modelsThatCannotFitAreErrors() {
    #expect(throws: (any Error).self) {
      try Model(
        configuration: ModelConfiguration(
          architecture: .llama, vocabularySize: 1 << 24, width: 1 << 17, layers: 4096,
          queryHeads: 4096, keyValueHeads: 4096, headWidth: 1024, hiddenWidth: 1 << 20))
    }
  }
}
