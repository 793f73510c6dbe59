/// What one sequence adds to a pass: tokens that follow nothing, or that follow all of an earlier sequence.
///
/// Rollouts of one prompt are a sequence of the prompt and one each of a response after it: the prompt runs once,
/// forward and backward.
package struct PackedSequence: Sendable {
  package var ids: [Int32]
  /// The sequence of the same pass, earlier and without a parent of its own, whose tokens come before `ids`.
  package var parent: Int?

  package init(ids: [Int32], parent: Int? = nil) {
    self.ids = ids
    self.parent = parent
  }
}
