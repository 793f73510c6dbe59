import Foundation
import LuffyJSON
import LuffyTokenizer
import Testing

/// Chat templates against what jinja2 makes of them (`Tests/Goldens/chat_templates.py`).
@Suite struct ChatTemplateTests {
  private static func golden() throws -> JSONNode {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Goldens/chat_templates.json")
    return try JSONDocument(parsing: [UInt8](Data(contentsOf: url))).root
  }

  private static func text(_ name: String) throws -> String {
    let family = try golden()["families"]?.elements.first { $0["name"]?.string == name }
    return try #require(family?["template"]?.string)
  }

  private static func hash(_ text: String) -> String {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  @Test func aHundredConversationsOfEachFamilyAreThoseOfJinja() throws {
    let golden = try Self.golden()
    let talks = try #require(golden["conversations"]?.elements).map { talk in
      try talk.elements.map { message in
        ChatMessage(
          try #require(message["role"]?.string.flatMap(ChatMessage.Role.init)),
          try #require(message["content"]?.string))
      }
    }
    #expect(talks.count == 100)
    let families = try #require(golden["families"]?.elements)
    #expect(Set(families.compactMap { $0["name"]?.string }) == Set(ChatTemplate.knownNames))
    for family in families {
      let name = try #require(family["name"]?.string)
      let text = try #require(family["template"]?.string)
      guard let fingerprint = TemplateFingerprint(text) else {
        Issue.record("\(name): no words")
        continue
      }
      guard
        let template = try? ChatTemplate(
          text: text, bos: try #require(family["bos"]?.string),
          eos: try #require(family["eos"]?.string))
      else {
        Issue.record("\(name): 0x\(String(fingerprint.hash, radix: 16)) is not known")
        continue
      }
      #expect(template.name == name)
      let hashes = try #require(family["hashes"]?.string).split(separator: " ").map(String.init)
      #expect(hashes.count == 200)
      for (index, expected) in hashes.enumerated() {
        let options = ChatOptions(
          addGenerationPrompt: index % 2 == 1, enableThinking: family["enable_thinking"]?.bool,
          date: family["date_string"]?.string)
        let found = try template.render(talks[index / 2], options)
        #expect(Self.hash(found) == expected, "\(name) \(index): \(found)")
      }
    }
  }

  @Test func whatJinjaDoesNotPrintMayDiffer() throws {
    let text = try Self.text("qwen2.5")
    let same = [
      text + "\n", text.replacingOccurrences(of: "\n", with: "\r\n"),
      text.replacingOccurrences(of: "    ", with: "\t"),
      text.replacingOccurrences(of: "{%- ", with: "{%-"),
      text.replacingOccurrences(of: " }}", with: "}}"),
      text.replacingOccurrences(of: "\"user\"", with: "'user'"),
      "{# Qwen's #}" + text,
      text.replacingOccurrences(of: "{%- endfor %}", with: "{%- endfor -%}"),
    ]
    for (index, text) in same.enumerated() {
      #expect((try? ChatTemplate(text: text))?.name == "qwen2.5", "\(index)")
    }
    let system = try ChatTemplate(
      text: text.replacingOccurrences(
        of: "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.",
        with: "Be short."))
    #expect(
      try system.render([ChatMessage(.user, "U")])
        == "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nU<|im_end|>\n")
  }

  @Test func anotherTemplateIsRefusedByItsBeginning() throws {
    let text = try Self.text("qwen2.5")
    let others = [
      "", "{{ messages }}", "{% for", "{{ '\\x41' }}", text + " ",
      text.replacingOccurrences(of: "'<|im_start|>user'", with: "'<|im_start|>tool'"),
      text.replacingOccurrences(of: "\"user\"", with: "\"human\""),
      text.replacingOccurrences(of: "not loop.first", with: "loop.first"),
      String(text.dropLast(20)),
    ]
    for (index, text) in others.enumerated() {
      #expect(throws: ChatTemplateError.unknown(start: text), "\(index)") {
        try ChatTemplate(text: text)
      }
    }
    let message = ChatTemplateError.unknown(start: "{{ x }}").description
    #expect(message.contains("begins \"{{ x }}\"") && message.contains("qwen2.5-math"))
    #expect(message.contains("jinja2") && message.contains("chatml"))
  }

  @Test func whatATemplateCannotDoIsAnError() throws {
    let template = try ChatTemplate(text: try Self.text("llama3"))
    #expect(throws: ChatTemplateError.empty) { try template.render([]) }
    #expect(throws: ChatTemplateError.noThinkingSwitch(template: "llama3")) {
      try template.render([ChatMessage(.user, "U")], ChatOptions(enableThinking: false))
    }
  }

  @Test func filesGoBeforeEachOther() throws {
    let directory = try TokenizerDirectory()
    try directory.write("tokenizer.json", TinyFile().text)
    func name() throws -> String? { try? Tokenizer.load(path: directory.path).chatTemplate().name }
    #expect(throws: ChatTemplateError.absent) {
      try Tokenizer.load(path: directory.path).chatTemplate()
    }
    func json(_ text: String) -> String {
      let writer = JSONWriter()
      writer.object { writer.member("chat_template", text) }
      return writer.text
    }
    try directory.write("chat_template.json", json(try Self.text("qwen3")))
    #expect(try name() == "qwen3")
    try directory.write("tokenizer_config.json", json(try Self.text("llama3")))
    #expect(try name() == "llama3")
    let writer = JSONWriter()
    let smol = try Self.text("smollm2")
    writer.object {
      writer.key("chat_template")
      writer.array {
        for (name, text) in [("tool_use", "{{ x }}"), ("default", smol)] {
          writer.object {
            writer.member("name", name)
            writer.member("template", text)
          }
        }
      }
    }
    try directory.write("tokenizer_config.json", writer.text)
    #expect(try name() == "smollm2")
    try directory.write("chat_template.jinja", try Self.text("qwen2.5-math"))
    #expect(try name() == "qwen2.5-math")
  }

  @Test func aModelsTemplateIsAPromptTemplate() throws {
    let template = try ChatTemplate(text: try Self.text("deepseek-r1-distill"), bos: "<s>")
    let prompt = PromptTemplate.model(template)
    #expect(prompt.name == "model")
    #expect(prompt.render(system: "S", user: "Q") == "<s>S<｜User｜>Q<｜Assistant｜><think>\n")
    #expect(prompt.continuation(of: "<think>\nx</think>") == "x</think>")
    let math = PromptTemplate.model(try ChatTemplate(text: try Self.text("qwen2.5-math")))
    #expect(
      math.render(system: nil, user: "Q")
        == "<|im_start|>system\nPlease reason step by step, and put your final answer within \\boxed{}."
        + "<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n")
    #expect(math.continuation(of: "<think>\nx") == "<think>\nx")
  }
}
