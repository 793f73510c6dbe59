/// The templates that are rendered natively, with what differs between versions of one.
enum ChatFamily: Sendable, Hashable {
  /// Each message between `<|im_start|>` and `<|im_end|>`, whatever its role; with a default system text or none.
  case chatML(system: String?)
  /// ChatML with results of tools as the user's: Qwen2.5, and with another system text Qwen2.5-Math.
  case qwen25(system: String?)
  case qwen3(Thinking)
  case llama3
  /// Llama 3.1 to 3.3: a system message with dates comes first.
  case llama31(Version)
  case deepSeek(DeepSeekVariant)

  enum Thinking: Sendable, Hashable {
    /// `enable_thinking` decides.
    case switchable
    /// The prompt opens the thought (Thinking-2507).
    case always
    /// There are no thoughts (Instruct-2507).
    case never
  }

  enum Version: Sendable, Hashable {
    case v1
    case v2
  }

  struct DeepSeekVariant: Sendable, Hashable {
    /// All system messages are written, an empty line between two; else the last one only.
    var joinsSystemMessages = false
    /// The prompt ends with `<think>` and a line break.
    var opensThought = true
  }

  /// Nil where no known template has the fingerprint.
  init?(_ fingerprint: TemplateFingerprint) {
    let system = fingerprint.defaultSystem
    guard let kind = Self.known[fingerprint.hash] else { return nil }
    switch kind {
    case .chatML: self = .chatML(system: system)
    case .qwen25: self = .qwen25(system: system)
    default: self = kind
    }
  }

  /// By hash of the words; the default system text is the template's. `Tests/Goldens/chat_templates.py` has the texts.
  private static let known: [UInt64: ChatFamily] = [
    0x27ab_6e61_17a6_739b: .chatML(system: nil),
    0xbf52_dac1_2b5f_7f0b: .chatML(system: nil),
    0x705e_e3c7_4467_b4fe: .qwen25(system: nil),
    0x9236_f95a_239f_4307: .qwen3(.switchable),
    0x34fd_ce2f_555e_168b: .qwen3(.switchable),
    0xc015_4478_badc_9ffe: .qwen3(.never),
    0xea7c_b990_2e69_13a1: .qwen3(.always),
    0xe657_d5d3_2f1c_4956: .llama3,
    0x2a82_6da4_b51f_25cf: .llama31(.v1),
    0x6d18_946e_5540_f45a: .llama31(.v2),
    0x99df_8df4_85aa_499e: .deepSeek(DeepSeekVariant()),
    0x3237_ee0c_0e70_cd62: .deepSeek(DeepSeekVariant(opensThought: false)),
    0xaf96_0f0a_27d9_06eb: .deepSeek(DeepSeekVariant(joinsSystemMessages: true)),
  ]

  static let names = [
    "chatml", "smollm2", "qwen2.5", "qwen2.5-math", "qwen3", "qwen3-instruct-2507",
    "qwen3-thinking-2507", "llama3", "llama3.1", "llama3.2", "deepseek-r1-distill", "deepseek-r1",
  ]

  var name: String {
    switch self {
    case .chatML(let system): system?.contains("SmolLM") == true ? "smollm2" : "chatml"
    case .qwen25(let system): system?.contains("\\boxed{}") == true ? "qwen2.5-math" : "qwen2.5"
    case .qwen3(.switchable): "qwen3"
    case .qwen3(.never): "qwen3-instruct-2507"
    case .qwen3(.always): "qwen3-thinking-2507"
    case .llama3: "llama3"
    case .llama31(.v1): "llama3.1"
    case .llama31(.v2): "llama3.2"
    case .deepSeek(let variant):
      variant.joinsSystemMessages ? "deepseek-r1" : "deepseek-r1-distill"
    }
  }
}
