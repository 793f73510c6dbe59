/// One message of a conversation, as a chat template takes it.
public struct ChatMessage: Sendable, Hashable {
  /// Who wrote a message.
  public enum Role: String, Sendable, CaseIterable {
    case system, user, assistant
    /// The result of a tool that the assistant called.
    case tool
  }

  public var role: Role
  public var content: String

  public init(_ role: Role, _ content: String) {
    self.role = role
    self.content = content
  }
}

/// What a chat template is asked for beside the messages.
public struct ChatOptions: Sendable, Hashable {
  /// The start of the assistant's next message is added, so that a model continues with its answer.
  public var addGenerationPrompt: Bool
  /// Qwen3's switch: false writes an empty thought before the answer. Nil leaves the template's own default.
  public var enableThinking: Bool?
  /// The date that Llama 3.1 and later write into the system message, as `26 Jul 2024`. Nil is the date that the
  /// template names itself.
  public var date: String?

  public init(
    addGenerationPrompt: Bool = false, enableThinking: Bool? = nil, date: String? = nil
  ) {
    self.addGenerationPrompt = addGenerationPrompt
    self.enableThinking = enableThinking
    self.date = date
  }
}
