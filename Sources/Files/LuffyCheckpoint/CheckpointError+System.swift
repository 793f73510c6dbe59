import Glibc

extension CheckpointError {
  /// The failure of a system call, from `errno` as it stood right after the call.
  package static func system(_ call: String, file: String, code: Int32) -> CheckpointError {
    let kind: Kind =
      switch code {
      case ENOSPC, EDQUOT, EFBIG: .diskFull
      case ENOMEM: .memory
      case ENOENT, ENOTDIR: .missing
      default: .io
      }
    return CheckpointError(kind, file: file, "\(call): \(String(cString: strerror(code)))")
  }
}
