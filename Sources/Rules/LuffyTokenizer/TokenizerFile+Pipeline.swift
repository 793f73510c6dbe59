import LuffyJSON

/// Patterns that files refer to by name.
enum KnownPattern {
  /// GPT-2's: what `ByteLevel` with `use_regex` cuts by.
  static let gpt2 =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  /// Llama 3's: runs of one to three digits.
  static let llama3 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"#
    + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  /// Qwen2's: each digit alone.
  static let qwen2 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
    + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
}

extension TokenizerFile {
  /// The pieces of a pipeline stage: one, or those of a `Sequence`, which may be nested.
  private func stage(
    _ key: String, list: String
  ) throws(TokenizerError) -> [(node: JSONNode, type: String, path: String)] {
    guard let node = root[key] else { return [] }
    var result: [(node: JSONNode, type: String, path: String)] = []
    var open = [(node, key, 0)]  // no recursion: a file may nest as deep as it likes
    while let (node, path, depth) = open.popLast() {
      if node.kind != .object {
        throw .malformed(place: "\(place) \(path)", reason: "expected an object")
      }
      let type = try text("type", of: node, at: path)
      if type != "Sequence" {
        result.append((node, type, path))
        continue
      }
      if depth > 8 {
        throw .unsupported(piece: "a Sequence nested more than 8 deep", place: "\(place) \(key)")
      }
      let parts = try member(list, of: node, .array, at: path).elements
      for (index, part) in parts.enumerated().reversed() {
        open.append((part, "\(path).\(list)[\(index)]", depth + 1))
      }
    }
    return result
  }

  func normalizer() throws(TokenizerError) -> Normalizer {
    var result = Normalizer.none
    for part in try stage("normalizer", list: "normalizers") {
      guard part.type == "NFC" else {
        throw .unsupported(piece: "the normalizer \(part.type)", place: "\(place) \(part.path)")
      }
      result = .composed
    }
    return result
  }

  func checkDecoder() throws(TokenizerError) {
    let parts = try stage("decoder", list: "decoders")
    for part in parts where part.type != "ByteLevel" {
      throw .unsupported(piece: "the decoder \(part.type)", place: "\(place) \(part.path)")
    }
    if parts.isEmpty {
      throw .unsupported(piece: "a file without a ByteLevel decoder", place: place)
    }
  }

  func preTokenizer() throws(TokenizerError) -> PreTokenizer {
    var result = PreTokenizer()
    var hasByteLevel = false
    for part in try stage("pre_tokenizer", list: "pretokenizers") {
      if hasByteLevel {
        throw .unsupported(
          piece: "a pre-tokenizer (\(part.type)) after ByteLevel", place: "\(place) \(part.path)")
      }
      switch part.type {
      case "Split": result.steps.append(try split(part.node, at: part.path))
      case "Digits":
        let individual = try flag(
          "individual_digits", of: part.node, default: false, at: part.path)
        result.steps.append(.digits(individual: individual))
      case "ByteLevel":
        hasByteLevel = true
        if try flag("add_prefix_space", of: part.node, default: true, at: part.path) {
          result.steps.append(.prefixSpace)
        }
        if try flag("use_regex", of: part.node, default: true, at: part.path) {
          let pattern = try Pattern(KnownPattern.gpt2, place: "\(place) \(part.path)")
          result.steps.append(.split(pattern, .isolated, inverted: false))
        }
      default:
        throw .unsupported(
          piece: "the pre-tokenizer \(part.type)", place: "\(place) \(part.path)")
      }
    }
    if !hasByteLevel {
      throw .unsupported(piece: "a file without the pre-tokenizer ByteLevel", place: place)
    }
    return result
  }

  private func split(
    _ node: JSONNode, at path: String
  ) throws(TokenizerError) -> PreTokenizer.Step {
    let name = try text("behavior", of: node, at: path)
    guard let behavior = SplitBehavior(rawValue: name) else {
      throw .unsupported(piece: "the behavior \(quoted(name))", place: "\(place) \(path)")
    }
    let inverted = try flag("invert", of: node, default: false, at: path)
    let source = try member("pattern", of: node, .object, at: path)
    let pattern: Pattern
    if source["String"] != nil {
      let literal = try text("String", of: source, at: "\(path).pattern")
      pattern = try Pattern(literal: literal, place: "\(place) \(path).pattern")
    } else {
      let regex = try text("Regex", of: source, at: "\(path).pattern")
      pattern = try Pattern(regex, place: "\(place) \(path).pattern")
    }
    return .split(pattern, behavior, inverted: inverted)
  }

  /// The ids that the post-processor puts before and after one text.
  func template(
    _ model: ByteLevelModel
  ) throws(TokenizerError) -> (prefix: [Int32], suffix: [Int32]) {
    var prefix: [Int32] = []
    var suffix: [Int32] = []
    for part in try stage("post_processor", list: "processors") where part.type != "ByteLevel" {
      guard part.type == "TemplateProcessing" else {
        throw .unsupported(
          piece: "the post-processor \(part.type)", place: "\(place) \(part.path)")
      }
      let around = try template(part.node, model, at: part.path)
      prefix = around.prefix + prefix
      suffix += around.suffix
    }
    return (prefix, suffix)
  }

  private func template(
    _ node: JSONNode, _ model: ByteLevelModel, at path: String
  ) throws(TokenizerError) -> (prefix: [Int32], suffix: [Int32]) {
    var around: [[Int32]] = [[], []]
    var side = 0
    for (index, part) in try member("single", of: node, .array, at: path).elements.enumerated() {
      let path = "\(path).single[\(index)]"
      if part["Sequence"] != nil {
        side += 1
        continue
      }
      let special = try member("SpecialToken", of: part, .object, at: path)
      let name = try text("id", of: special, at: "\(path).SpecialToken")
      let ids = node["special_tokens"]?[name]?["ids"]?.elements ?? []
      for id in ids where side < 2 {
        let id = try VocabularyBuilder.check(id.int, place: "\(place) \(path)")
        guard model.spellings.contains(id) else {
          throw .malformed(place: "\(place) \(path)", reason: "id \(id) names no token")
        }
        around[side].append(id)
      }
      if ids.isEmpty {
        throw .malformed(place: "\(place) \(path)", reason: "\(quoted(name)) has no ids")
      }
    }
    if side != 1 {
      throw .unsupported(
        piece: "a template that does not hold the text exactly once", place: "\(place) \(path)")
    }
    return (around[0], around[1])
  }
}
