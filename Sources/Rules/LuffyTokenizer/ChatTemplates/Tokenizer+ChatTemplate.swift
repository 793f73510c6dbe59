import LuffyJSON

extension Tokenizer {
  /// The Jinja text of the chat template that the files carry; nil where they carry none.
  ///
  /// It is the text of `chat_template.jinja`, else `chat_template` of `tokenizer_config.json` (of a list the one that is
  /// named `default`), else that of `chat_template.json`; of a GGUF file `tokenizer.chat_template`.
  public var chatTemplateText: String? { documents.chatTemplate }

  /// The chat template of the tokenizer's own files.
  ///
  /// - Throws: `.absent` where the files carry none, `.unknown` where it is none that is rendered natively.
  public func chatTemplate() throws(ChatTemplateError) -> ChatTemplate {
    guard let text = chatTemplateText else { throw .absent }
    func token(_ id: Int32?) -> String { id.flatMap { self.token(for: $0) } ?? "" }
    return try ChatTemplate(text: text, bos: token(bosID), eos: token(eosID))
  }

  /// The text of a conversation by the model's own chat template.
  ///
  /// Its ids are those of `encode` without special tokens: the template writes them itself.
  ///
  /// - Throws: what `chatTemplate()` and `ChatTemplate.render` throw.
  public func applyChatTemplate(
    _ messages: [ChatMessage], _ options: ChatOptions = ChatOptions()
  ) throws(ChatTemplateError) -> String {
    try chatTemplate().render(messages, options)
  }
}

extension TokenizerDocuments {
  /// As `Tokenizer.chatTemplateText` says.
  package var chatTemplate: String? {
    if let vocabulary { return vocabulary.chatTemplate }
    if let bytes = self["chat_template.jinja"] { return String(decoding: bytes, as: UTF8.self) }
    return template(in: "tokenizer_config.json") ?? template(in: "chat_template.json")
  }

  private func template(in name: String) -> String? {
    guard let bytes = self[name], let root = try? TokenizerFile(bytes, place: name).root,
      let node = root["chat_template"]
    else { return nil }
    if let text = node.string { return text }
    return node.elements.first { $0["name"]?.string == "default" }?["template"]?.string
  }
}
