import LuffyJSON

extension GGUFVocabulary {
  /// The same tokenizer in the layout of Hugging Face: `tokenizer.json` and `tokenizer_config.json`, with the chat
  /// template. None where the pre-tokenizer or the model is none that this module has.
  func huggingFaceFiles() -> [TokenizerDocuments.File] {
    guard model == "gpt2", let pre = try? GGUFPreTokenizer(self) else { return [] }
    return [
      .init(name: TokenizerDocuments.main, bytes: Array(tokenizerJSON(pre).utf8)),
      .init(name: "tokenizer_config.json", bytes: Array(configurationJSON().utf8)),
    ]
  }

  private func tokenizerJSON(_ pre: GGUFPreTokenizer) -> String {
    let writer = JSONWriter(pretty: true)
    writer.object {
      writer.member("version", "1.0")
      for key in ["truncation", "padding"] { writer.nullMember(key) }
      writer.key("added_tokens")
      writer.array { writeAddedTokens(writer) }
      if pre == .qwen2 {
        writer.key("normalizer")
        writer.object { writer.member("type", "NFC") }
      } else {
        writer.nullMember("normalizer")
      }
      writer.key("pre_tokenizer")
      write(pre, writer)
      writer.key("post_processor")
      writePostProcessor(pre, writer)
      writer.key("decoder")
      writer.byteLevel(usesPattern: true)
      writer.key("model")
      writeModel(pre, writer)
    }
    return writer.text + "\n"
  }

  private func writeAddedTokens(_ writer: JSONWriter) {
    for (id, text) in tokens.enumerated() where isAdded(id) {
      writer.object {
        writer.member("id", id)
        writer.addedToken(text, isSpecial: tokenTypes[id] == 3)
      }
    }
  }

  /// A control or user-defined token.
  private func isAdded(_ id: Int) -> Bool {
    tokenTypes.indices.contains(id) && (tokenTypes[id] == 3 || tokenTypes[id] == 4)
  }

  private func write(_ pre: GGUFPreTokenizer, _ writer: JSONWriter) {
    if pre == .gpt2 { return writer.byteLevel(usesPattern: true) }
    writer.object {
      writer.member("type", "Sequence")
      writer.key("pretokenizers")
      writer.array {
        writer.object {
          if pre == .smollm {
            writer.member("type", "Digits")
            writer.member("individual_digits", true)
          } else {
            writer.member("type", "Split")
            writer.key("pattern")
            writer.object { writer.member("Regex", pre.pattern) }
            writer.member("behavior", "Isolated")
            writer.member("invert", false)
          }
        }
        writer.byteLevel(usesPattern: pre == .smollm)
      }
    }
  }

  /// The tokens around a text where there are any.
  private func writePostProcessor(_ pre: GGUFPreTokenizer, _ writer: JSONWriter) {
    let first = (addBOS ?? pre.addsBOS) ? text(bosID) : nil
    let last = addEOS ? text(eosID) : nil
    if first == nil && last == nil { return writer.byteLevel(usesPattern: true) }
    func template(_ sequences: [String]) {
      writer.array {
        for (index, name) in sequences.enumerated() {
          if let first { writer.templatePart("SpecialToken", first.text, index) }
          writer.templatePart("Sequence", name, index)
          if let last { writer.templatePart("SpecialToken", last.text, index) }
        }
      }
    }
    writer.object {
      writer.member("type", "TemplateProcessing")
      writer.key("single")
      template(["A"])
      writer.key("pair")
      template(["A", "B"])
      writer.key("special_tokens")
      writer.object {
        for token in [first, first?.id == last?.id ? nil : last].compactMap(\.self) {
          writer.key(token.text)
          writer.object {
            writer.member("id", token.text)
            writer.key("ids")
            writer.array { writer.write(token.id) }
            writer.key("tokens")
            writer.array { writer.write(token.text) }
          }
        }
      }
    }
  }

  private func writeModel(_ pre: GGUFPreTokenizer, _ writer: JSONWriter) {
    writer.object {
      writer.member("type", "BPE")
      for key in ["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"] {
        writer.nullMember(key)
      }
      writer.member("fuse_unk", false)
      writer.member("byte_fallback", false)
      writer.member("ignore_merges", pre == .llama3)
      writer.key("vocab")
      writer.object {
        // Added tokens too: outside the vocabulary `tokenizers` would number them itself.
        for (id, text) in tokens.enumerated() where !isUnused(id) { writer.member(text, id) }
      }
      writer.key("merges")
      writer.array { merges.forEach(writer.write) }
    }
  }

  private func configurationJSON() -> String {
    let writer = JSONWriter(pretty: true)
    writer.object {
      writer.member("tokenizer_class", "PreTrainedTokenizerFast")
      writer.key("added_tokens_decoder")
      writer.object {
        for (id, text) in tokens.enumerated() where isAdded(id) {
          writer.key("\(id)")
          writer.object { writer.addedToken(text, isSpecial: tokenTypes[id] == 3) }
        }
      }
      for (role, id) in [
        ("bos", bosID), ("eos", eosID), ("unk", unknownID), ("pad", paddingID),
      ] {
        if let token = text(id) {
          writer.member("\(role)_token", token.text)
        } else {
          writer.nullMember("\(role)_token")
        }
      }
      writer.member("clean_up_tokenization_spaces", false)
      if let chatTemplate { writer.member("chat_template", chatTemplate) }
    }
    return writer.text + "\n"
  }

  private func text(_ id: Int?) -> (text: String, id: Int)? {
    guard let id, tokens.indices.contains(id), !isUnused(id) else { return nil }
    return (tokens[id], id)
  }
}

extension JSONWriter {
  fileprivate func byteLevel(usesPattern: Bool) {
    object {
      member("type", "ByteLevel")
      member("add_prefix_space", false)
      member("trim_offsets", true)
      member("use_regex", usesPattern)
    }
  }

  fileprivate func addedToken(_ text: String, isSpecial: Bool) {
    member("content", text)
    for key in ["single_word", "lstrip", "rstrip", "normalized"] { member(key, false) }
    member("special", isSpecial)
  }

  fileprivate func templatePart(_ kind: String, _ id: String, _ type: Int) {
    object {
      key(kind)
      object {
        member("id", id)
        member("type_id", type)
      }
    }
  }
}
