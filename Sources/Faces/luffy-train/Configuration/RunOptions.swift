import ArgumentParser
import LuffyOptions
import LuffyRun

/// Every key of a run as a flag, named after its key. A flag that is not given leaves the key as the file or the default
/// has it. What a key means is said where it is declared: `RunConfiguration.runKeys` and `stageKeys`.
struct RunOptions: ParsableArguments {
  @Option(help: .key("output")) var output: String?
  @Option(help: .key("seed")) var seed: UInt64?
  @Option(help: .key("threads")) var threads: Int?
  @Option(help: .key("dtype")) var dtype: String?
  @Flag(help: .key("allow_long_sequences")) var allowLongSequences = false

  @Option(help: .key("model")) var model: String?
  @Option(help: .key("reference")) var reference: String?
  @Option(help: .key("tokenizer")) var tokenizer: String?
  @Option(help: .key("data")) var data: String?
  @Option(help: .key("eval_data")) var evalData: String?
  @Option(help: .key("template")) var template: String?
  @Option(help: .key("system")) var system: String?
  @Option(help: .key("answer_form")) var answerForm: String?

  @Option(help: .key("stages")) var stages: String?
  @Option(help: .key("objective")) var objective: String?
  @Option(help: .key("objective_options")) var objectiveOptions: String?
  @Option(help: .key("warmup_steps")) var warmupSteps: Int?
  @Option(help: .key("warmup_lr")) var warmupLr: Double?
  @Option(help: .key("sft_steps")) var sftSteps: Int?
  @Option(help: .key("sft_lr")) var sftLr: Double?
  @Option(help: .key("sft_examples")) var sftExamples: Int?
  @Option(help: .key("sft_every")) var sftEvery: Int?
  @Option(help: .key("steps")) var steps: Int?
  @Option(help: .key("lr")) var lr: Double?
  @Option(help: .key("prompts")) var prompts: Int?
  @Option(help: .key("group")) var group: Int?
  @Option(help: .key("traces")) var traces: Int?
  @Option(help: .key("max_new_tokens")) var maxNewTokens: Int?
  @Option(help: .key("temperature")) var temperature: Double?
  @Option(help: .key("max_grad_norm")) var maxGradNorm: Double?
  @Option(help: .key("updates_per_step")) var updatesPerStep: Int?
  @Option(help: .key("micro_batch_tokens")) var microBatchTokens: Int?
  @Flag(help: .key("allow_cut_traces")) var allowCutTraces = false
  @Option(help: .key("entropy_band")) var entropyBand: Double?
  @Flag(inversion: .prefixedNo, help: .key("stop_on_entropy")) var stopOnEntropy: Bool?

  @Option(help: .key("held_out")) var heldOut: Int?
  @Option(help: .key("eval_every")) var evalEvery: Int?
  @Option(help: .key("checkpoint_every")) var checkpointEvery: Int?
  @Option(help: .key("keep_last")) var keepLast: Int?

  /// Defaults, then the file, then the flags.
  func configuration(_ file: String?) throws -> RunConfiguration {
    var configuration = RunConfiguration()
    if let file { try ConfigurationFile.read(file, into: &configuration) }
    for flag in try given() {
      do { try configuration.override(flag.key, flag.value) } catch let error as ConfigurationError
      {
        throw error.asFlag
      }
    }
    return configuration
  }

  /// The flags that were given, by key, in the order of their declaration.
  func given() throws -> [ConfigurationValue.Member] {
    try givenFlags.map { .init(key: $0.key, value: try Self.parsed($0.key, $0.value)) }
  }

  /// What is written as YAML.
  private static func parsed(
    _ key: String, _ value: ConfigurationValue
  ) throws -> ConfigurationValue {
    guard case .string(let text) = value else { return value }
    do {
      return switch key {
      case "stages": try ConfigurationFile.parse("[\(text)]", in: "\(key): ")
      case "objective_options": try ConfigurationFile.parse(text, in: "\(key): ")
      default: value
      }
    } catch let error as ConfigurationError { throw error.asFlag }
  }
}

extension ArgumentHelp {
  fileprivate static func key(_ name: String) -> ArgumentHelp {
    .key(
      RunConfiguration.help(name) ?? name, RunConfiguration.defaultValue(name),
      yours: RunConfiguration.modelDefaults[name])
  }
}
