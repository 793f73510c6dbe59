extension ChatTemplate {
  private static func turn(_ role: ChatMessage.Role, _ content: String) -> String {
    "<|im_start|>\(role.rawValue)\n\(content)<|im_end|>\n"
  }

  private static let answerStart = "<|im_start|>assistant\n"

  /// - Parameters:
  ///   - system: the text of the template's own first message; nil for none.
  ///   - wrapsResults: results of tools are the user's (Qwen2.5).
  func chatML(
    _ messages: [ChatMessage], _ options: ChatOptions, system: String?, wrapsResults: Bool
  ) -> String {
    var text = ""
    if let system, messages[0].role != .system { text += Self.turn(.system, system) }
    for (index, message) in messages.enumerated() {
      text +=
        wrapsResults && message.role == .tool
        ? Self.toolTurn(messages, index) : Self.turn(message.role, message.content)
    }
    if options.addGenerationPrompt { text += Self.answerStart }
    return text
  }

  /// Results of tools that follow each other are one message of the user.
  private static func toolTurn(_ messages: [ChatMessage], _ index: Int) -> String {
    let isFirst = index == 0 || messages[index - 1].role != .tool
    let isLast = index + 1 == messages.count || messages[index + 1].role != .tool
    return (isFirst ? "<|im_start|>user" : "")
      + "\n<tool_response>\n\(messages[index].content)\n</tool_response>"
      + (isLast ? "<|im_end|>\n" : "")
  }

  func qwen3(
    _ messages: [ChatMessage], _ options: ChatOptions, _ thinking: ChatFamily.Thinking
  ) -> String {
    let query = Self.lastQuery(messages)
    var text = ""
    for (index, message) in messages.enumerated() {
      switch message.role {
      case .system, .user: text += Self.turn(message.role, message.content)
      case .tool: text += Self.toolTurn(messages, index)
      case .assistant:
        let isLast = index + 1 == messages.count
        let answer =
          thinking == .never
          ? message.content
          : Self.thoughtful(message.content, isNew: index > query, isLast: isLast)
        text += Self.turn(.assistant, answer)
      }
    }
    guard options.addGenerationPrompt else { return text }
    text += Self.answerStart
    if thinking == .always { text += "<think>\n" }
    if thinking == .switchable, options.enableThinking == false {
      text += "<think>\n\n</think>\n\n"
    }
    return text
  }

  /// The place of the last message that a user wrote, and not a tool; that of the last message where there is none.
  private static func lastQuery(_ messages: [ChatMessage]) -> Int {
    messages.lastIndex { message in
      message.role == .user
        && !(message.content.utf8.starts(with: "<tool_response>".utf8)
          && message.content.utf8.reversed().starts(with: "</tool_response>".utf8.reversed()))
    } ?? messages.count - 1
  }

  /// An answer as Qwen3 shows it: thoughts of earlier rounds are left out, those since the last question stay.
  private static func thoughtful(_ content: String, isNew: Bool, isLast: Bool) -> String {
    var (thought, answer) = ("", content)
    let ends = content.utf8.ranges(of: "</think>".utf8)
    if let first = ends.first, let last = ends.last {
      answer = String(content[last.upperBound...]).trimmed(.start, \.isLineFeed)
      thought = String(content[..<first.lowerBound]).trimmed(.end, \.isLineFeed)
      if let start = thought.utf8.ranges(of: "<think>".utf8).last {
        thought = String(thought[start.upperBound...])
      }
      thought = thought.trimmed(.start, \.isLineFeed)
    }
    guard isNew, isLast || !thought.isEmpty else { return answer }
    return "<think>\n" + thought.trimmed(.both, \.isLineFeed) + "\n</think>\n\n"
      + answer.trimmed(.start, \.isLineFeed)
  }
}
