/// A token that is found in the text itself, before the text is cut into pieces.
package struct AddedToken: Sendable, Equatable {
  package var id: Int32
  /// What is searched for, in UTF-8.
  package var content: [UInt8]
  /// Skipped by a decoder that is asked to.
  package var isSpecial: Bool
  /// Searched for in the normalized text, itself normalized; otherwise in the text as it came.
  package var isNormalized: Bool = false
  /// Found only where no word continues on either side.
  package var isSingleWord: Bool = false
  /// Takes the white space before it.
  package var stripsLeft: Bool = false
  /// Takes the white space after it.
  package var stripsRight: Bool = false
}
