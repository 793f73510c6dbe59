import CLuffy
import LuffyCheckpoint
import LuffyJSON
import LuffyModel
import LuffyObjective
import LuffyOptions
import LuffyRecords
import LuffyRollout
import LuffyRun
import LuffyTensor
import LuffyTokenizer
import LuffyTrainer

/// The status of what the engine throws.
func status(of error: any Error) -> luffy_status {
  let number: Int =
    switch error {
    case let error as CallError: Int(error.status)
    case is OutOfMemory: LUFFY_ERROR_OUT_OF_MEMORY
    case let error as CheckpointError: status(of: error.kind)
    case let error as ModelError: status(of: error)
    case let error as TrainerError: status(of: error)
    case let error as ObjectiveError: status(of: error)
    case let error as TokenizerError: status(of: error)
    case let error as ChatTemplateError: status(of: error)
    case let error as JSONError where error.isOutOfMemory: LUFFY_ERROR_OUT_OF_MEMORY
    case is JSONError, is RewardCountError, is ConfigurationError, is RunError, is RecordError:
      LUFFY_ERROR_INVALID_ARGUMENT
    case is JSONLinesError: LUFFY_ERROR_CORRUPT
    default: LUFFY_ERROR_INTERNAL
    }
  return luffy_status(truncatingIfNeeded: number)
}

private func status(of kind: CheckpointError.Kind) -> Int {
  switch kind {
  case .io, .diskFull: LUFFY_ERROR_IO
  case .memory: LUFFY_ERROR_OUT_OF_MEMORY
  case .corrupt: LUFFY_ERROR_CORRUPT
  case .unsupported: LUFFY_ERROR_UNSUPPORTED
  case .missing: LUFFY_ERROR_NOT_FOUND
  case .shape: LUFFY_ERROR_SHAPE
  }
}

private func status(of error: ModelError) -> Int {
  switch error {
  case .configuration, .argument: LUFFY_ERROR_INVALID_ARGUMENT
  case .unsupported: LUFFY_ERROR_UNSUPPORTED
  case .parameter: LUFFY_ERROR_NOT_FOUND
  case .nonFinite: LUFFY_ERROR_NON_FINITE
  case .outOfMemory: LUFFY_ERROR_OUT_OF_MEMORY
  case .cancelled: LUFFY_ERROR_CANCELLED
  }
}

private func status(of error: TrainerError) -> Int {
  switch error {
  case .option, .group: LUFFY_ERROR_INVALID_ARGUMENT
  case .nonFinite: LUFFY_ERROR_NON_FINITE
  case .memory: LUFFY_ERROR_OUT_OF_MEMORY
  case .state: LUFFY_ERROR_CORRUPT
  }
}

private func status(of error: ObjectiveError) -> Int {
  switch error {
  case .option, .row, .missing, .needsCounting: LUFFY_ERROR_INVALID_ARGUMENT
  case .notFinite: LUFFY_ERROR_NON_FINITE
  }
}

private func status(of error: ChatTemplateError) -> Int {
  switch error {
  case .absent: LUFFY_ERROR_NOT_FOUND
  case .unknown: LUFFY_ERROR_UNSUPPORTED
  case .empty, .noThinkingSwitch: LUFFY_ERROR_INVALID_ARGUMENT
  }
}

private func status(of error: TokenizerError) -> Int {
  switch error {
  case .unreadable(_, "out of memory"): LUFFY_ERROR_OUT_OF_MEMORY
  case .unreadable(_, let reason):
    reason == "there is no such file" ? LUFFY_ERROR_NOT_FOUND : LUFFY_ERROR_IO
  case .malformed, .badPattern: LUFFY_ERROR_CORRUPT
  case .unsupported: LUFFY_ERROR_UNSUPPORTED
  case .matchingFailed, .unknownID, .textTooLong: LUFFY_ERROR_INVALID_ARGUMENT
  }
}
