import LuffyCheckpoint
import LuffyKernels
import LuffyOptions
import LuffyTensor
import LuffyTokenizer
import LuffyTrainer

extension RunConfiguration {
  /// In words, the defaults that `resolveDefaults` gives with a model of the caller's.
  package static let modelDefaults = [
    "dtype": "what the machine is best at", "max_new_tokens": "the longest trace", "lr": "1e-6",
    "sft_lr": "1e-5", "prompts": "8", "sft_examples": "16", "micro_batch_tokens": "640",
    "held_out": "64", "template": "the model's own where it is known, else chatml",
  ]

  /// Gives keys that nobody has set the values that suit a model of the caller's, and says which.
  ///
  /// A trained model is destroyed by what makes one of 0.7 million parameters learn: its learning rate is the published
  /// 1e-6. Its responses may be as long as the longest trace, since a trace that is cut has lost its answer. The
  /// built-in model keeps its own defaults.
  package mutating func resolveDefaults() throws -> [String] {
    guard model != nil else { return [] }
    var notes: [String] = []
    func isOpen(_ key: String) -> Bool { !given.contains(key) }
    let asksTokenizer = isOpen("max_new_tokens") || isOpen("template") && data != nil
    let tokenizer = asksTokenizer ? try tokenizerIfAny() : nil
    if isOpen("template"), data != nil, let tokenizer {
      notes.append(useStandardTemplate(of: tokenizer))
    }
    if isOpen("dtype") {
      dtype = Self.machinePrecision
      notes.append("dtype \(dtype.rawValue) (this machine: \(Kernels.instructionSet))")
    }
    if isOpen("max_new_tokens") {
      let longest = try traceLengths(tokenizer).max()
      stageDefaults.maxNewTokens = longest ?? Self.withoutTraces
      notes.append(
        "max_new_tokens \(stageDefaults.maxNewTokens) "
          + (longest == nil ? "(no traces to go by)" : "(the longest trace)"))
    }
    if isOpen("lr") { stageDefaults.lr = 1e-6 }
    if isOpen("sft_lr") { stageDefaults.sftLr = 1e-5 }
    if isOpen("prompts") { stageDefaults.prompts = 8 }
    if isOpen("sft_examples") { stageDefaults.sftExamples = 16 }
    if isOpen("micro_batch_tokens") { stageDefaults.microBatchTokens = 640 }
    if isOpen("held_out") { heldOut = 64 }
    notes.append("lr \(stageDefaults.lr)")
    notes.append("\(stageDefaults.prompts) prompts for each step")
    return notes
  }

  /// The model's own template where it is known, and what a person should know of the choice.
  private mutating func useStandardTemplate(of tokenizer: Tokenizer) -> String {
    do {
      let found = try tokenizer.chatTemplate()
      template = PromptTemplate.modelName
      return "template model (\(found.name))"
    } catch .absent {
      template = PromptTemplate.chatML.name
      return "template chatml (the model has none of its own)"
    } catch {
      template = PromptTemplate.chatML.name
      return
        "template chatml (the model's own is none of \(ChatTemplate.knownNames.joined(separator: ", ")))"
    }
  }

  /// Longest response where no trace says how long answers are.
  private static let withoutTraces = 512

  /// bfloat16 where products of it are instructions, else float32, which is then as fast.
  package static var machinePrecision: Precision {
    Kernels.instructionSet == "avx512bf16" ? .bfloat16 : .float32
  }

  /// Tokens of every trace that the run may meet, its end token included; bytes, which are at least as many, for a plan of
  /// a model that has no tokenizer beside its configuration.
  private func traceLengths(_ tokenizer: Tokenizer?) throws -> [Int] {
    guard let tokenizer else {
      return try task().everyTrace.map { $0.utf8.count + 1 }
    }
    let end = tokenizer.eosID == nil ? 0 : 1
    return try task(tokenizer).everyTrace.map { try tokenizer.encode($0).count + end }
  }

  /// As `anyTokenizer`; nil where the model has none beside its configuration.
  package func tokenizerIfAny() throws -> Tokenizer? {
    if tokenizer == nil, let model {
      let isFile = !FileSystem.exists(FileSystem.join(model, "config.json"))
      if isFile && model.hasSuffix(".json") { return nil }
      let isThere = isFile || FileSystem.exists(FileSystem.join(model, "tokenizer.json"))
      if !isThere { return nil }
    }
    return try anyTokenizer()
  }

  /// Refuses stages that would cut traces, unless the configuration allows it.
  package func checkTraces() throws {
    if allowCutTraces { return }
    let stages = try resolvedStages().filter { try $0.readsTraces }
    guard let shortest = stages.min(by: { $0.maxNewTokens < $1.maxNewTokens }) else { return }
    let lengths = try traceLengths(try tokenizerIfAny())
    let cut = lengths.count { $0 > shortest.maxNewTokens }
    guard cut > 0, let longest = lengths.max() else { return }
    throw ConfigurationError(
      "stage \(shortest.label): \(cut) of \(lengths.count) traces are longer than max_new_tokens "
        + "(\(shortest.maxNewTokens)) and would lose their answers: give max_new_tokens \(longest), "
        + "leave them out by luffy-train prepare --max-trace-tokens \(shortest.maxNewTokens), "
        + "or have them cut by allow_cut_traces")
  }

  /// The model's, or the built-in one.
  func anyTokenizer() throws -> Tokenizer {
    if let path = tokenizer ?? model { return try Tokenizer.load(modelPath: path) }
    return try CharacterVocabulary.tokenizer()
  }
}

extension Stage {
  /// Whether the task's traces take part.
  fileprivate var readsTraces: Bool {
    get throws {
      switch kind {
      case .warmup: false
      case .sft, .interleaved: true
      case .rl:
        try traces > 0 && StageObjective(self, in: "stage \(label): ").usesTraces
      }
    }
  }
}
