import LuffyJSON

extension JSONWriter {
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
