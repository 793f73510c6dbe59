/// A chat template that the model's own files carry and that is rendered here as Jinja would render it.
///
/// The template is recognised by its words (`TemplateTokens` says what may differ), never by the model's name. Rendering
/// takes O(n) in the length of the conversation.
public struct ChatTemplate: Sendable, Hashable {
  let family: ChatFamily
  /// The texts of the tokens that begin and end a text; empty where the tokenizer has none.
  let bos: String
  let eos: String

  /// - Parameters:
  ///   - text: the Jinja text of the template.
  ///   - bos: the text of the token that begins a text; empty for none.
  ///   - eos: the text of the token that ends a text; empty for none.
  /// - Throws: `.unknown` where the text is no template that is rendered natively.
  public init(text: String, bos: String = "", eos: String = "") throws(ChatTemplateError) {
    guard let fingerprint = TemplateFingerprint(text), let family = ChatFamily(fingerprint) else {
      throw .unknown(start: text)
    }
    self.family = family
    self.bos = bos
    self.eos = eos
  }

  /// The name of the family, as `qwen2.5`.
  public var name: String { family.name }

  /// The names of all families, in the order of the documents.
  public static var knownNames: [String] { ChatFamily.names }

  /// The text of a conversation, equal to what Jinja makes of the model's template.
  ///
  /// Texts are put in as they are: special tokens written in them are not escaped.
  ///
  /// - Throws: `.empty`, `.noThinkingSwitch`.
  public func render(
    _ messages: [ChatMessage], _ options: ChatOptions = ChatOptions()
  ) throws(ChatTemplateError) -> String {
    if messages.isEmpty { throw .empty }
    if options.enableThinking != nil && family != .qwen3(.switchable) {
      throw .noThinkingSwitch(template: name)
    }
    return text(of: messages, options)
  }

  /// The same of messages that are not empty, and without a switch that the template lacks.
  func text(of messages: [ChatMessage], _ options: ChatOptions) -> String {
    switch family {
    case .chatML(let system): chatML(messages, options, system: system, wrapsResults: false)
    case .qwen25(let system): chatML(messages, options, system: system, wrapsResults: true)
    case .qwen3(let thinking): qwen3(messages, options, thinking)
    case .llama3: llama3(messages, options)
    case .llama31: llama31(messages, options)
    case .deepSeek(let variant): deepSeek(messages, options, variant)
    }
  }

  /// Whether transformers writes the date of the day (Llama 3.2). A run's prompts keep the template's own date, so that a
  /// run that goes on another day has the same prompts.
  public var writesToday: Bool { family == .llama31(.v2) }

  /// Whether the prompt itself opens the thought, so that an answer begins within it.
  var opensThought: Bool {
    switch family {
    case .qwen3(.always): true
    case .deepSeek(let variant): variant.opensThought
    default: false
    }
  }
}
