import LuffyJSON

extension JSONWriter {
  /// The text of a file; throws `.memory` where there was none for all of it.
  func text(of file: String) throws(CheckpointError) -> String {
    if let text = wholeText { return text }
    throw CheckpointError(.memory, file: file, "out of memory")
  }

  /// Like `object`, for a body that throws this module's error.
  func checkedObject(
    _ body: () throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    var failure: CheckpointError?
    object {
      do throws(CheckpointError) { try body() } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
