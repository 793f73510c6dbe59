/// Why a conversation cannot be rendered.
public enum ChatTemplateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The tokenizer's files carry no chat template.
  case absent
  /// The files carry a template that is none of those that are rendered natively. `start` is its beginning.
  case unknown(start: String)
  /// There is no message.
  case empty
  /// The template has no switch for thinking.
  case noThinkingSwitch(template: String)

  public var description: String {
    switch self {
    case .absent:
      "chat template: the tokenizer's files carry none (chat_template.jinja, \"chat_template\" of "
        + "tokenizer_config.json, tokenizer.chat_template of a GGUF file): use a named prompt template, one of "
        + "\(PromptTemplate.names.joined(separator: ", "))"
    case .unknown(let start):
      "chat template: the model's template, which begins \(quoted(start)), is none of those that are rendered "
        + "natively (\(ChatTemplate.knownNames.joined(separator: ", "))): use a named prompt template "
        + "(\(PromptTemplate.names.joined(separator: ", "))), or render the conversation with jinja2 in Python and "
        + "give the text with the template \"raw\""
    case .empty:
      "chat template: there are no messages, expected one or more"
    case .noThinkingSwitch(let template):
      "chat template: \(template) has no switch for thinking: leave enable_thinking out"
    }
  }
}
