/// What a checkpoint says about one tensor.
package struct TensorDescription: Equatable, Sendable {
  /// The Hugging Face name, whatever the file calls it.
  package let name: String
  /// Outermost dimension first, as Hugging Face has it: a linear layer is [out, in].
  package let shape: [Int]
  package let storedType: StoredType

  package init(name: String, shape: [Int], storedType: StoredType) {
    self.name = name
    self.shape = shape
    self.storedType = storedType
  }
}
