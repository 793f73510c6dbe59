import LuffyJSON
import LuffyTestSupport
import LuffyTokenizer
import Testing

@Suite struct PromptTemplateTests {
  @Test func namesGoBothWays() {
    for template in PromptTemplate.named {
      #expect(PromptTemplate(name: template.name) == template)
    }
    #expect(PromptTemplate(name: "ChatML") == nil)
  }

  @Test func chatTemplates() {
    #expect(
      PromptTemplate.chatML.render(system: "S", user: "U")
        == "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n"
    )
    #expect(
      PromptTemplate.chatML.render(system: nil, user: "U")
        == "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n")
    #expect(
      PromptTemplate.llama3.render(system: "S", user: "U")
        == "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
        + "<|start_header_id|>user<|end_header_id|>\n\nU<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n")
    #expect(PromptTemplate.raw.render(system: nil, user: "U") == "U")
  }

  @Test func luffyEndsWithinTheThoughtAndStripsItFromTraces() {
    let prompt = PromptTemplate.luffy.render(system: "S", user: "1+1?")
    #expect(prompt == "S\nUser: This is the problem:\n1+1?\nAssistant: <think>\n")
    #expect(PromptTemplate.luffy.continuation(of: "<think>\nx </think>\n2") == "x </think>\n2")
    #expect(PromptTemplate.luffy.continuation(of: "x <think>\n") == "x <think>\n")
    #expect(PromptTemplate.luffy.continuation(of: "<think>\n<think>\n") == "<think>\n")
    #expect(PromptTemplate.raw.continuation(of: "<think>\nx") == "<think>\nx")
  }

  @Test(.enabled(if: ReferenceData.isPresent))
  func luffySystemTextIsThePublishedOne() throws {
    let file = try JSONDocument(
      parsing: ReferenceData.bytes("benchmarks/luffy_system_prompt.json"))
    let published = try #require(file.root["luffy_system_prompt"]?.string)
    #expect(PromptTemplate.luffySystemText == published)
    #expect(
      PromptTemplate.luffy.render(system: nil, user: "Q").hasPrefix(published + "\nUser: "))
  }
}
