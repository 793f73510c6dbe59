/// How a system text and a question become the text a model continues.
public enum PromptTemplate: Sendable, Hashable, CaseIterable {
  /// The question itself, after the system text and an empty line where there is one.
  case raw
  /// `<|im_start|>role … <|im_end|>`: Qwen2.5, SmolLM2.
  case chatML
  /// Llama 3's headers.
  case llama3
  /// LUFFY's plain-text template (Yan et al. 2025, "Learning to Reason under Off-Policy Guidance",
  /// App. C.2), whose prompt ends within the thought.
  case luffy

  /// By the name that C and Python use: `raw`, `chatml`, `llama3`, `luffy`.
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  public var name: String {
    switch self {
    case .raw: "raw"
    case .chatML: "chatml"
    case .llama3: "llama3"
    case .luffy: "luffy"
    }
  }

  /// The prompt, ready for a model to continue.
  ///
  /// Without a system text: `luffy` uses its own (`luffySystemText`), the others leave it out.
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
    }
  }

  /// A teacher's trace as the continuation of this template's prompt: what the prompt already ends
  /// with (`luffy`: `<think>` and a line break) is taken from its head.
  public func continuation(of trace: String) -> String {
    guard self == .luffy, trace.utf8.starts(with: Self.thoughtStart.utf8) else { return trace }
    return String(decoding: trace.utf8.dropFirst(Self.thoughtStart.utf8.count), as: UTF8.self)
  }

  private static let thoughtStart = "<think>\n"

  private static func llama3Turn(_ role: String, _ text: String) -> String {
    "<|start_header_id|>\(role)<|end_header_id|>\n\n\(text)<|eot_id|>"
  }
}
