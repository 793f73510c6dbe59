import Foundation
import LuffyCheckpoint
import LuffyJSON
import LuffyModel
import LuffyRollout
import LuffySampler
import LuffyTensor
import LuffyTokenizer
import LuffyTrainer
import Testing

/// What comes with a model's weights: it is read, used, saved, and kept in a trainer's state.
@Suite struct ModelFilesTests {
  /// A tokenizer of 40 ids for a model of 61: bytes, and added tokens from 36 on.
  private static let tokenizer = """
    {"version":"1.0","added_tokens":[\(added(36, "<|endoftext|>")),\(added(37, "<|im_end|>")),
    \(added(38, "<x>")),\(added(39, "<y>"))],"normalizer":null,
    "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
    "post_processor":null,"decoder":{"type":"ByteLevel"},
    "model":{"type":"BPE","vocab":{\(characters)},"merges":[]}}
    """
  private static let characters = "abcdefghijklmnopqrstuvwxyz0123456789".enumerated()
    .map { "\"\($1)\":\($0)" }.joined(separator: ",")

  private static func added(_ id: Int, _ content: String) -> String {
    #"{"id":\#(id),"content":"\#(content)","special":true,"normalized":false}"#
  }

  private static let files = [
    "tokenizer.json": tokenizer,
    "tokenizer_config.json":
      #"{"eos_token":"<|im_end|>","bos_token":null,"chat_template":"{{ x }}"}"#,
    "chat_template.jinja": "{{ messages }}",
    "generation_config.json":
      #"{"eos_token_id":[38,36],"temperature":0.7,"top_p":0.8,"repetition_penalty":1.05,"pad_token_id":36}"#,
  ]

  /// A saved tiny model with these files beside it; goes with the process.
  private func directory(
    _ files: [String: String] = files, eosIDs: [Int32] = [36]
  ) throws -> String {
    let path = TrainerFixture.temporaryDirectory()
    var configuration = TrainerFixture().configuration
    configuration.eosIDs = eosIDs
    configuration.paddingID = 39
    try Model(configuration: configuration, seed: 3).save(directory: path)
    for (name, text) in files {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
    return path
  }

  private func json(_ path: String) throws -> JSONNode {
    try JSONDocument(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))).root
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func stopIDsComeFromEveryFile() throws {
    #expect(try Model.load(path: try directory()).stopIDs == [36, 37, 38])
    var files = Self.files
    files["generation_config.json"] = #"{"eos_token_id":39}"#
    #expect(try Model.load(path: try directory(files)).stopIDs == [36, 37, 39])
    files["generation_config.json"] = #"{"eos_token_id":null}"#
    files["tokenizer_config.json"] = nil
    #expect(try Model.load(path: try directory(files)).stopIDs == [36])
    files["special_tokens_map.json"] = #"{"eos_token":{"content":"<y>"}}"#
    #expect(try Model.load(path: try directory(files, eosIDs: [1, 2])).stopIDs == [1, 2, 39])
    files["generation_config.json"] = #"{"eos_token_id":"<y>"}"#
    #expect(throws: ModelError.self) { try Model.load(path: try directory(files)) }
  }

  @Test func theVocabularyIsLimitedToTheTokenizers() throws {
    let model = try Model.load(path: try directory())
    #expect(model.tokenCount == 40)
    let options = SamplingOptions(count: 30, maxNewTokens: 30, temperature: 2, stopIDs: [])
    #expect(try Sampler(model).generate([[1, 2]], options)[0].allSatisfy { $0.ids.max()! < 40 })
    var files = Self.files
    files["tokenizer.json"] = "{\"model\":"
    #expect(try Model.load(path: try directory(files)).tokenCount == 61, "it cannot be read")
    files["tokenizer.json"] = #"{"model":{"type":"Unigram","vocab":[["<unk>",0],["a",-1.5]]}}"#
    #expect(
      try Model.load(path: try directory(files)).tokenCount == 3, "<|im_end|> is added as id 2")
    #expect(try Model.load(path: try directory([:])).tokenCount == 61)
  }

  @Test func savingKeepsEveryFile() throws {
    let source = try directory()
    let target = TrainerFixture.temporaryDirectory()
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: target + "/special_tokens_map.json"))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: target + "/notes.txt"))
    let model = try Model.load(path: source)
    try model.save(directory: target)
    for name in ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"] {
      #expect(try text("\(target)/\(name)") == Self.files[name], "\(name)")
    }
    let generation = try json(target + "/generation_config.json")
    #expect(generation["temperature"]?.double == 0.7 && generation["top_p"]?.double == 0.8)
    #expect(generation["repetition_penalty"]?.double == 1.05)
    #expect(generation["pad_token_id"]?.int == 36)
    #expect(generation["eos_token_id"]?.elements.compactMap(\.int) == [38, 36, 37])
    #expect(try json(target + "/config.json")["pad_token_id"]?.int == 39)
    #expect(try json(target + "/config.json")["eos_token_id"]?.int == 36)
    let names = try FileManager.default.contentsOfDirectory(atPath: target)
    #expect(names.contains("notes.txt"))
    #expect(!names.contains("special_tokens_map.json"), "of another tokenizer")
    let again = try Model.load(path: target)
    #expect(again.stopIDs == model.stopIDs && again.tokenCount == 40)
  }

  @Test func bfloat16RoundsToNearestEven() throws {
    let model = try Model.load(path: try directory())
    let target = TrainerFixture.temporaryDirectory()
    try model.save(directory: target, as: .bfloat16)
    #expect(try json(target + "/config.json")["torch_dtype"]?.string == "bfloat16")
    let rounded = try Model.load(path: target)
    for name in model.parameterNames {
      let (old, new) = (model.span(try model.entry(name)), rounded.span(try model.entry(name)))
      for (a, b) in zip(old, new) {
        let bits = a.bitPattern
        let expected = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000
        try #require(b.bitPattern == expected)
      }
    }
  }

  @Test func aTokenizerIsTakenAndLeft() throws {
    let source = try directory()
    let tokenizer = try Tokenizer.load(modelPath: source)
    let model = try TrainerFixture().model()
    #expect(model.tokenCount == 61 && model.stopIDs == [0])
    let target = TrainerFixture.temporaryDirectory()
    try model.save(directory: target, tokenizer: tokenizer)
    #expect(try text(target + "/tokenizer.json") == Self.tokenizer)
    #expect(try json(target + "/generation_config.json")["eos_token_id"]?.elements.count == 2)
    #expect(model.tokenCount == 61, "saving changes nothing")
    try model.use(tokenizer)
    #expect(model.tokenCount == 40 && model.stopIDs == [0, 37])
    model.limitsVocabulary = false
    #expect(model.tokenCount == 61)
    model.limitsVocabulary = true
    try model.use(nil)
    #expect(model.tokenCount == 61 && model.stopIDs == [0])
  }

  @Test func aTrainersStateKeepsThem() throws {
    let model = try Model.load(path: try directory())
    let trainer = try Trainer(model)
    let state = TrainerFixture.temporaryDirectory()
    try trainer.save(state)
    for loaded in [try Trainer.load(state).model, try Model.load(state: state)] {
      #expect(loaded.stopIDs == [36, 37, 38] && loaded.tokenCount == 40)
      let target = TrainerFixture.temporaryDirectory()
      try loaded.save(directory: target)
      #expect(try text(target + "/tokenizer.json") == Self.tokenizer)
      #expect(try json(target + "/generation_config.json")["top_p"]?.double == 0.8)
    }
    // A reference model whose softmax is over other ids would make every KL term wrong.
    let whole = try Model(configuration: model.configuration, seed: 1)
    let refusal = #expect(throws: TrainerError.self) { try Trainer(model, reference: whole) }
    #expect(refusal?.description.contains("is over 61 ids, the model's over 40") == true)
  }

  @Test func aTraceOfIdsWithoutATokenIsRefused() throws {
    let model = try Model.load(path: try directory())
    let trainer = try Trainer(model)
    let refusal = #expect(throws: ModelError.self) {
      try trainer.supervisedStep([(prompt: [1, 2], response: [3, 55])])
    }
    #expect(refusal?.description.contains("token 1: id 55 names no token") == true)
    _ = try trainer.supervisedStep([(prompt: [55, 2], response: [3, 36])])
  }
}
