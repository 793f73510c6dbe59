extension ChatTemplate {
  func deepSeek(
    _ messages: [ChatMessage], _ options: ChatOptions, _ variant: ChatFamily.DeepSeekVariant
  ) -> String {
    let systems = messages.filter { $0.role == .system }.map(\.content)
    var text = bos
    text += variant.joinsSystemMessages ? systems.joined(separator: "\n\n") : systems.last ?? ""
    var (isTool, isFirstResult) = (false, true)
    for message in messages {
      switch message.role {
      case .system: break
      case .user:
        isTool = false
        text += "<｜User｜>" + message.content
      case .assistant where isTool:
        isTool = false
        text += "<｜tool▁outputs▁end｜>" + message.content + "<｜end▁of▁sentence｜>"
      case .assistant:
        let answer = Self.afterThought(message.content)
        text += "<｜Assistant｜>" + answer + "<｜end▁of▁sentence｜>"
      case .tool:
        isTool = true
        text += isFirstResult ? "<｜tool▁outputs▁begin｜>" : "\n"
        text += "<｜tool▁output▁begin｜>" + message.content + "<｜tool▁output▁end｜>"
        isFirstResult = false
      }
    }
    if isTool { return text + "<｜tool▁outputs▁end｜>" }
    guard options.addGenerationPrompt else { return text }
    return text + "<｜Assistant｜>" + (variant.opensThought ? "<think>\n" : "")
  }

  /// What follows the last end of a thought; all of it where no thought ends.
  private static func afterThought(_ content: String) -> String {
    guard let end = content.utf8.ranges(of: "</think>".utf8).last else { return content }
    return String(content[end.upperBound...])
  }
}
