import LuffyEvaluation
import LuffyKernels
import LuffyModel
import LuffyOptions
import LuffySampler
import LuffyTensor
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// The model, tokenizer and task that a configuration names.
package struct TrainingSetup {
  package let model: Model
  package let tokenizer: Tokenizer
  package let task: any TrainingTask
  /// π_ref.
  package let reference: Model?

  /// `resumed` is a trainer that goes on; nil: the model that the configuration names, from its beginning.
  package init(_ configuration: RunConfiguration, resumed: Trainer? = nil) throws {
    if configuration.threads > 0 { Threads.set(configuration.threads) }
    reference = try resumed?.reference ?? configuration.referenceModel()
    tokenizer = try configuration.anyTokenizer()
    if let path = configuration.model {
      model = try resumed?.model ?? configuration.load(path)
    } else {
      var shape = Self.embedded
      shape.allowsLongSequences = configuration.allowLongSequences
      model =
        try resumed?.model
        ?? Model(configuration: shape, seed: configuration.seed, precision: configuration.dtype)
    }
    try model.use(tokenizer)
    task = try configuration.task(tokenizer)
  }

  /// Held-out problems as token ids.
  package func heldOut(_ count: Int) throws -> [TrainingProblem] {
    try task.heldOut(count).map { try $0.tokenized(tokenizer) }
  }

  /// One sample a problem at temperature 1.
  package func evaluate(
    _ problems: [TrainingProblem], maxNewTokens: Int, seed: UInt64,
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> Evaluation {
    try Evaluator(
      model: model, tokenizer: tokenizer, verifier: task.verifier,
      sampling: SamplingOptions(maxNewTokens: maxNewTokens, seed: seed)
    ).evaluate(problems, isCancelled: isCancelled)
  }

  /// 0.7 million parameters.
  package static var embedded: ModelConfiguration {
    ModelConfiguration(
      architecture: .llama, vocabularySize: CharacterVocabulary.size, width: 128, layers: 4,
      queryHeads: 4, keyValueHeads: 2, headWidth: 32, hiddenWidth: 352, maximumPositions: 256,
      tiedEmbeddings: true, initializerRange: 0.05, eosIDs: [0])
  }
}

extension RunConfiguration {
  /// The data file's problems, or the built-in ones.
  ///
  /// - Parameter tokenizer: whose chat template the template `model` is.
  package func task(_ tokenizer: Tokenizer? = nil) throws -> any TrainingTask {
    guard let data else {
      var task = ChainedAddition(seed: seed)
      if showsWholeChains { task.wholeShare = ChainedAddition.usualWholeShare }
      return task
    }
    let template = try promptTemplate(tokenizer)
    let form = format < 2 ? nil : AnswerForm(rawValue: answerForm) ?? .anchored
    return try ProblemFile(
      path: data, heldOut: evalData,
      reading: .init(template: template, system: system, form: form), seed: seed)
  }

  private func promptTemplate(_ given: Tokenizer?) throws -> PromptTemplate {
    if let named = PromptTemplate(name: template) { return named }
    guard let tokenizer = try given ?? tokenizerIfAny() else {
      throw ConfigurationError(
        "template: model is the chat template of the model's tokenizer, which has no files here: give "
          + "tokenizer, or one of \(PromptTemplate.names.joined(separator: ", "))")
    }
    return .model(try tokenizer.chatTemplate())
  }

  package func referenceModel() throws -> Model? {
    guard let path = reference else { return nil }
    let loaded = try load(path)
    // Its softmax is over the ids of the trained model's.
    if let tokenizer = tokenizer ?? model {
      try loaded.use(try Tokenizer.load(modelPath: tokenizer))
    }
    return loaded
  }

  package func load(_ path: String) throws -> Model {
    try Model.load(path: path, precision: dtype, allowsLongSequences: allowLongSequences)
  }
}
