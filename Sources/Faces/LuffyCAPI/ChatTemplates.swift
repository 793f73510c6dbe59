import CLuffy
import LuffyTokenizer

@_cdecl("luffy_tokenizer_chat_template") @implementation
public func luffy_tokenizer_chat_template(
  _ tokenizer: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    guard let template = try TokenizerHandle.require(tokenizer).tokenizer.chatTemplateText else {
      throw ChatTemplateError.absent
    }
    try give(text: Array(template.utf8), text, capacity, length)
  }
}

@_cdecl("luffy_tokenizer_chat_template_name") @implementation
public func luffy_tokenizer_chat_template_name(
  _ tokenizer: OpaquePointer?, _ name: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let template = try TokenizerHandle.require(tokenizer).tokenizer.chatTemplate()
    try give(text: Array(template.name.utf8), name, capacity, length)
  }
}

@_cdecl("luffy_tokenizer_apply_chat_template") @implementation
public func luffy_tokenizer_apply_chat_template(
  _ tokenizer: OpaquePointer?, _ roles: UnsafePointer<UnsafePointer<CChar>?>?,
  _ contents: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, _ flags: UInt32,
  _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let template = try TokenizerHandle.require(tokenizer).tokenizer.chatTemplate()
    var options = try ChatOptions(flags: flags)
    if template.writesToday, flags & UInt32(LUFFY_CHAT_TEMPLATE_DATE) == 0 {
      options.date = Today.text
    }
    let messages = try messages(
      try array(roles, count, "roles"), try array(contents, count, "contents"))
    try give(text: Array(try template.render(messages, options).utf8), text, capacity, length)
  }
}

private func messages(
  _ roles: UnsafeBufferPointer<UnsafePointer<CChar>?>,
  _ contents: UnsafeBufferPointer<UnsafePointer<CChar>?>
) throws(CallError) -> [ChatMessage] {
  var result: [ChatMessage] = []
  for index in roles.indices {
    let name = try text(roles[index], "roles[\(index)]")
    guard let role = ChatMessage.Role(rawValue: name) else {
      let known = ChatMessage.Role.allCases.map(\.rawValue).joined(separator: ", ")
      throw CallError.invalid("roles[\(index)]: \"\(name)\" is not one of \(known)")
    }
    let content = try text(contents[index], "contents[\(index)]")
    try Memory.expect(content.utf8.count, times: 8)
    result.append(ChatMessage(role, content))
  }
  return result
}

extension ChatOptions {
  /// Of LUFFY_CHAT_…
  fileprivate init(flags: UInt32) throws(CallError) {
    let (prompt, thinking, plain) = (
      UInt32(LUFFY_CHAT_GENERATION_PROMPT), UInt32(LUFFY_CHAT_THINKING),
      UInt32(LUFFY_CHAT_NO_THINKING)
    )
    let known = prompt | thinking | plain | UInt32(LUFFY_CHAT_TEMPLATE_DATE)
    if flags & ~known != 0 || flags & (thinking | plain) == thinking | plain {
      throw CallError.invalid(
        "flags is \(flags), expected a sum of LUFFY_CHAT_…, with one of LUFFY_CHAT_THINKING and "
          + "LUFFY_CHAT_NO_THINKING at most")
    }
    self.init(addGenerationPrompt: flags & prompt != 0)
    if flags & thinking != 0 { enableThinking = true }
    if flags & plain != 0 { enableThinking = false }
  }
}
