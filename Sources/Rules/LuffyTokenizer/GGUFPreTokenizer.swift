/// The pre-tokenizers that GGUF files name and this module has.
enum GGUFPreTokenizer {
  case gpt2
  case smollm
  case qwen2
  case llama3

  private static let place = "tokenizer.ggml.pre"

  /// The one that the file names. Where it names none, or `default`, which stands for a pre-tokenizer that no published
  /// model was trained with, the vocabulary is recognised by its own tokens, or refused.
  init(_ gguf: GGUFVocabulary) throws(TokenizerError) {
    switch gguf.pre ?? "" {
    case "gpt-2", "gpt2": self = .gpt2
    case "smollm", "starcoder", "refact", "command-r": self = .smollm
    case "qwen2", "deepseek-r1-qwen": self = .qwen2
    case "llama-bpe", "llama3", "llama-v3": self = .llama3
    case "", "default":
      guard let known = KnownVocabulary.all.first(where: { $0.matches(gguf) }) else {
        let named = gguf.pre.map { "which is \(quoted($0))" } ?? "which is absent"
        throw .unsupported(
          piece:
            "a vocabulary of \(gguf.tokens.count) tokens and \(gguf.merges.count) merges that is none of "
            + "GPT-2, SmolLM, Qwen2 and Llama 3, without the name of its pre-tokenizer (convert the model "
            + "again, or set the key to the name, as \"qwen2\")",
          place: "\(Self.place), \(named)")
      }
      self = known.kind
    case let other:
      throw .unsupported(piece: "the pre-tokenizer \(quoted(other))", place: Self.place)
    }
  }

  /// Whether a text begins with the BOS token where the file does not say: as llama.cpp decides, and as Llama 3's own
  /// `tokenizer.json` does.
  var addsBOS: Bool { self == .llama3 }

  func steps() throws(TokenizerError) -> [PreTokenizer.Step] {
    let digits: [PreTokenizer.Step] = self == .smollm ? [.digits(individual: true)] : []
    let compiled = try Pattern(pattern, place: Self.place)
    return digits + [.split(compiled, .isolated, inverted: false)]
  }

  var pattern: String {
    switch self {
    case .gpt2, .smollm: KnownPattern.gpt2
    case .qwen2: KnownPattern.qwen2
    case .llama3: KnownPattern.llama3
    }
  }
}

/// A published vocabulary, known by the number of its merge rules and the ids of some of its tokens. Models made of it
/// may have other tokens after these.
private struct KnownVocabulary {
  let kind: GGUFPreTokenizer
  let merges: Int
  let tokens: [Int: String]

  func matches(_ gguf: GGUFVocabulary) -> Bool {
    gguf.merges.count == merges
      && tokens.allSatisfy { id, text in id < gguf.tokens.count && gguf.tokens[id] == text }
  }

  static let all = [
    KnownVocabulary(
      kind: .gpt2, merges: 50_000,
      tokens: [0: "!", 262: "Ġthe", 995: "Ġworld", 15_496: "Hello", 50_256: "<|endoftext|>"]),
    KnownVocabulary(
      kind: .smollm, merges: 48_900,
      tokens: [0: "<|endoftext|>", 260: "Ġthe", 905: "Ġworld", 19_556: "Hello"]),
    KnownVocabulary(
      kind: .qwen2, merges: 151_387,
      tokens: [0: "!", 279: "Ġthe", 1879: "Ġworld", 9707: "Hello"]),
    KnownVocabulary(
      kind: .llama3, merges: 280_147,
      tokens: [0: "!", 279: "Ġthe", 1917: "Ġworld", 9906: "Hello"]),
  ]
}
