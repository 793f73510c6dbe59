import LuffyOptions
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
public struct RunConfiguration: Sendable, Equatable {
  /// What the values mean: 1 for a directory of before terms were relative to the policy gradient (`NamedObjective`), 2 for
  /// one of before the built-in warm-up showed whole chains and the built-in model's rate fell.
  package var format = Self.currentFormat
  package static let currentFormat = 3
  /// Whether the built-in task's warm-up shows some, and the rate of what follows falls.
  var showsWholeChains: Bool { format >= 3 }
  public var output = "runs/latest"
  package var seed: UInt64 = 0
  package var threads = 0
  package var dtype = Precision.float32
  /// Sequences of more tokens than the model's max_position_embeddings are run, not refused.
  package var allowLongSequences = false

  /// Nil: a small model made from the seed.
  package var model: String?
  /// π_ref of KL terms, a model's path.
  package var reference: String?
  /// Nil: the model's.
  package var tokenizer: String?
  /// Nil: the built-in arithmetic.
  package var data: String?
  /// Held-out problems, a file as `data`; nil: every tenth problem of `data`.
  package var evalData: String?
  package var template = "chatml"
  package var system: String?
  /// What earns a reward, by AnswerForm's names; the built-in task judges boxes only.
  package var answerForm = AnswerForm.anchored.rawValue

  /// The program that drives the run sets rewards of its own, in place of the verifier's.
  package var callerRewards = false

  /// In order; a task's warm-up comes before them unless it is among them.
  package var stages: [StageRequest] = [StageRequest(kind: .rl)]

  /// Held-out problems of an evaluation.
  package var heldOut = 256
  /// Steps from one evaluation to the next; 0: only before and after.
  package var evalEvery = 0
  /// Steps from one checkpoint to the next; 0: none but on a signal.
  package var checkpointEvery = 0
  /// Checkpoints that stay, beside the best.
  package var keepLast = 2

  /// Traces that are longer than `max_new_tokens` are cut; false: they are an error.
  package var allowCutTraces = false
  /// A step whose `signal/entropy_rising` is 1 ends the run with a checkpoint.
  package var stopOnEntropy = false

  package var stageDefaults = StageDefaults()

  public init() {}

  /// Names of keys that a file or a flag has set.
  package var given: Set<String> = []
}

/// A stage as a configuration names it: its kind, and what it sets itself.
package struct StageRequest: Sendable, Equatable {
  package var kind: Stage.Kind
  package var settings: [ConfigurationValue.Member] = []
}

/// Keys of a run that its stages take over.
package struct StageDefaults: Sendable, Equatable {
  /// Of the warm-up; nil: as the task wants.
  package var warmupSteps: Int?
  package var warmupLr = Stage(.warmup).lr
  package var sftSteps = Stage(.sft).steps
  package var sftLr = Stage(.sft).lr
  package var sftExamples = Stage(.sft).examples
  package var sftEvery = Stage(.interleaved).sftEvery
  package var steps = Stage(.rl).steps
  package var lr = Stage(.rl).lr
  package var objective = Stage(.rl).objective
  package var objectiveOptions = ConfigurationValue.null
  package var prompts = Stage(.rl).prompts
  package var group = Stage(.rl).group
  package var traces = Stage(.rl).traces
  package var maxNewTokens = Stage(.rl).maxNewTokens
  package var temperature = Stage(.rl).temperature
  package var maxGradNorm = Stage(.rl).maxGradNorm
  package var updatesPerStep = Stage(.rl).updatesPerStep
  package var microBatchTokens = Stage(.rl).microBatchTokens
  package var entropyBand = Stage(.rl).entropyBand
}

extension Precision: ConfigurationScalar {
  /// By its name, or as people shorten it: `bf16`, `fp32`, `f32`.
  public init?(_ value: ConfigurationValue) {
    switch value {
    case .string("bf16"): self = .bfloat16
    case .string("fp32"), .string("f32"): self = .float32
    case .string(let name): self.init(rawValue: name)
    default: return nil
    }
  }
}
