import LuffyTensor
import LuffyTokenizer
import LuffyVerifier

/// Everything that a run depends on. The defaults are those of a run without a file and without flags.
///
/// `docs/run-directory.md` explains every key. Keys of `stageKeys` are defaults of the stages; a stage of `stages`
/// may set its own.
///
/// Keys that are not given have one default for the built-in model and, where `resolveDefaults` says so, another for a
/// model that somebody has trained before.
struct RunConfiguration: Sendable, Equatable {
  /// What the values mean: 1 for a directory of before terms were relative to the policy gradient (`NamedObjective`).
  var format = Self.currentFormat
  static let currentFormat = 2
  var output = "runs/latest"
  var seed: UInt64 = 0
  var threads = 0
  var dtype = Precision.float32
  /// Sequences of more tokens than the model's max_position_embeddings are run, not refused.
  var allowLongSequences = false

  /// Nil: a small model made from the seed.
  var model: String?
  /// π_ref of KL terms, a model's path.
  var reference: String?
  /// Nil: the model's.
  var tokenizer: String?
  /// Nil: the built-in arithmetic.
  var data: String?
  var template = "chatml"
  var system: String?
  /// What earns a reward, by AnswerForm's names; the built-in task judges boxes only.
  var answerForm = AnswerForm.anchored.rawValue

  /// In order; a task's warm-up comes before them unless it is among them.
  var stages: [StageRequest] = [StageRequest(kind: .rl)]

  /// Held-out problems of an evaluation.
  var heldOut = 256
  /// Steps from one evaluation to the next; 0: only before and after.
  var evalEvery = 0
  /// Steps from one checkpoint to the next; 0: none but on a signal.
  var checkpointEvery = 0
  /// Checkpoints that stay, beside the best.
  var keepLast = 2

  /// Traces that are longer than `max_new_tokens` are cut; false: they are an error.
  var allowCutTraces = false
  /// A step whose `signal/entropy_rising` is 1 ends the run with a checkpoint.
  var stopOnEntropy = false

  var stageDefaults = StageDefaults()

  /// Names of keys that a file or a flag has set.
  var given: Set<String> = []
}

/// A stage as a configuration names it: its kind, and what it sets itself.
struct StageRequest: Sendable, Equatable {
  var kind: Stage.Kind
  var settings: [ConfigurationValue.Member] = []
}

/// Keys of a run that its stages take over.
struct StageDefaults: Sendable, Equatable {
  /// Of the warm-up; nil: as the task wants.
  var warmupSteps: Int?
  var warmupLr = Stage(.warmup).lr
  var sftSteps = Stage(.sft).steps
  var sftLr = Stage(.sft).lr
  var sftExamples = Stage(.sft).examples
  var sftEvery = Stage(.interleaved).sftEvery
  var steps = Stage(.rl).steps
  var lr = Stage(.rl).lr
  var objective = Stage(.rl).objective
  var objectiveOptions = ConfigurationValue.null
  var prompts = Stage(.rl).prompts
  var group = Stage(.rl).group
  var traces = Stage(.rl).traces
  var maxNewTokens = Stage(.rl).maxNewTokens
  var temperature = Stage(.rl).temperature
  var maxGradNorm = Stage(.rl).maxGradNorm
  var updatesPerStep = Stage(.rl).updatesPerStep
  var microBatchTokens = Stage(.rl).microBatchTokens
  var entropyBand = Stage(.rl).entropyBand
}

extension Precision: ConfigurationScalar {}
