import LuffyJSON

extension ChatTemplate {
  private static func header(_ role: String) -> String {
    "<|start_header_id|>\(role)<|end_header_id|>\n\n"
  }

  private static func turn(_ message: ChatMessage) -> String {
    header(message.role.rawValue) + message.content.trimmed(.both, \.isPythonSpace) + "<|eot_id|>"
  }

  /// The date that the templates of Llama 3.1 and later name themselves.
  static let templateDate = "26 Jul 2024"

  func llama3(_ messages: [ChatMessage], _ options: ChatOptions) -> String {
    var text = bos
    for message in messages { text += Self.turn(message) }
    if options.addGenerationPrompt { text += Self.header("assistant") }
    return text
  }

  func llama31(_ messages: [ChatMessage], _ options: ChatOptions) -> String {
    var messages = messages[...]
    var system = ""
    if let first = messages.first, first.role == .system {
      system = first.content.trimmed(.both, \.isPythonSpace)
      messages.removeFirst()
    }
    var text =
      bos + Self.header("system") + "Cutting Knowledge Date: December 2023\nToday Date: "
      + "\(options.date ?? Self.templateDate)\n\n\(system)<|eot_id|>"
    for message in messages {
      text += message.role == .tool ? Self.toolTurn(message.content) : Self.turn(message)
    }
    if options.addGenerationPrompt { text += Self.header("assistant") }
    return text
  }

  /// A tool's result is written as a JSON string.
  private static func toolTurn(_ content: String) -> String {
    let writer = JSONWriter()
    writer.write(content)
    return header("ipython") + writer.text + "<|eot_id|>"
  }
}
