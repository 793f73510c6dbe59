/// How a system text and a question become the text a model continues.
public enum PromptTemplate: Sendable, Hashable {
  /// The question itself, after the system text and an empty line where there is one.
  case raw
  /// `<|im_start|>role … <|im_end|>`: Qwen2.5, SmolLM2.
  case chatML
  /// Llama 3's headers.
  case llama3
  /// LUFFY's plain-text template (Yan et al. 2025, "Learning to Reason under Off-Policy Guidance",
  /// App. C.2), whose prompt ends within the thought.
  case luffy
  /// The chat template that the model's own files carry.
  case model(ChatTemplate)

  /// Those that need no model.
  public static let named: [PromptTemplate] = [.raw, .chatML, .llama3, .luffy]
  /// Their names.
  public static let names = named.map(\.name)
  /// The name of the model's own.
  public static let modelName = "model"
  /// Every name.
  public static let allNames = [modelName] + names

  /// By the name that C and Python use: `raw`, `chatml`, `llama3`, `luffy`.
  public init?(name: String) {
    guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// By the same names, and `model`: the tokenizer's own chat template. Nil where the name is none of these.
  ///
  /// - Throws: what `Tokenizer.chatTemplate()` throws, for `model`.
  public init?(name: String, tokenizer: Tokenizer) throws(ChatTemplateError) {
    if name == Self.modelName {
      self = .model(try tokenizer.chatTemplate())
    } else {
      self.init(name: name)
    }
  }

  /// What a model is prompted by where nobody says: its own chat template where that is known, else ChatML.
  public static func standard(of tokenizer: Tokenizer) -> PromptTemplate {
    (try? tokenizer.chatTemplate()).map(PromptTemplate.model) ?? .chatML
  }

  public var name: String {
    switch self {
    case .raw: "raw"
    case .chatML: "chatml"
    case .llama3: "llama3"
    case .luffy: "luffy"
    case .model: Self.modelName
    }
  }

  /// The prompt, ready for a model to continue.
  ///
  /// Without a system text: `luffy` uses its own (`luffySystemText`), a model's template the one that it names, if any;
  /// the others leave it out.
  /// Texts are put in as they are: special tokens written in them are not escaped.
  public func render(system: String?, user: String) -> String {
    switch self {
    case .raw:
      return (system.map { $0 + "\n\n" } ?? "") + user
    case .chatML:
      let head = system.map { "<|im_start|>system\n\($0)<|im_end|>\n" } ?? ""
      return head + "<|im_start|>user\n\(user)<|im_end|>\n<|im_start|>assistant\n"
    case .llama3:
      let head = system.map { Self.llama3Turn("system", $0) } ?? ""
      return "<|begin_of_text|>" + head + Self.llama3Turn("user", user)
        + "<|start_header_id|>assistant<|end_header_id|>\n\n"
    case .luffy:
      let system = system ?? Self.luffySystemText
      return "\(system)\nUser: This is the problem:\n\(user)\nAssistant: \(Self.thoughtStart)"
    case .model(let template):
      let head = system.map { [ChatMessage(.system, $0)] } ?? []
      return template.text(
        of: head + [ChatMessage(.user, user)], ChatOptions(addGenerationPrompt: true))
    }
  }

  /// A teacher's trace as the continuation of this template's prompt: what the prompt already ends
  /// with (`luffy` and models whose prompt opens the thought: `<think>` and a line break) is taken from its head.
  public func continuation(of trace: String) -> String {
    guard opensThought, trace.utf8.starts(with: Self.thoughtStart.utf8) else { return trace }
    return String(decoding: trace.utf8.dropFirst(Self.thoughtStart.utf8.count), as: UTF8.self)
  }

  private var opensThought: Bool {
    switch self {
    case .luffy: true
    case .model(let template): template.opensThought
    default: false
    }
  }

  private static let thoughtStart = "<think>\n"

  private static func llama3Turn(_ role: String, _ text: String) -> String {
    "<|start_header_id|>\(role)<|end_header_id|>\n\n\(text)<|eot_id|>"
  }
}
