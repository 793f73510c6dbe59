import Foundation
import LuffyKernels
import LuffyModel
import LuffySampler
import LuffyTokenizer
import LuffyTrainer

/// The model, tokenizer and task that the options name.
struct TrainingSetup {
  let model: Model
  let tokenizer: Tokenizer
  let task: any TrainingTask

  init(_ options: RunOptions, directory: RunDirectory) throws {
    if options.threads > 0 { Threads.set(options.threads) }
    if let path = options.model {
      model = try Model.load(path: path)
      tokenizer = try Tokenizer.load(modelPath: options.tokenizer ?? path)
    } else {
      tokenizer = try CharacterVocabulary.write(to: directory.model)
      model = try Model(configuration: Self.embedded, seed: options.seed)
    }
    if let data = options.data, let template = PromptTemplate(name: options.template) {
      task = try ProblemFile(path: data, template: template, system: options.system)
    } else {
      task = ChainedAddition(seed: options.seed)
    }
  }

  /// 0.8 million parameters.
  static var embedded: ModelConfiguration {
    ModelConfiguration(
      architecture: .llama, vocabularySize: CharacterVocabulary.size, width: 128, layers: 4,
      queryHeads: 4, keyValueHeads: 2, headWidth: 32, hiddenWidth: 352, maximumPositions: 256,
      tiedEmbeddings: true, initializerRange: 0.05, eosIDs: [0])
  }
}
