import LuffyJSON

/// The names of a file's vocabulary: an object of ids by name, or a list of (name, score) whose places are the ids.
final class VocabularyNames {
  let count: Int
  private let node: JSONNode?
  /// Made at the first question: most files ask none.
  private lazy var idsByName = Dictionary(pairs, uniquingKeysWith: { first, _ in first })

  init(_ node: JSONNode?) {
    self.node = node
    count = node?.count ?? 0
  }

  func id(of name: String) -> Int32? { idsByName[name] }

  /// Every id that fits; in no particular order.
  var ids: [Int32] { pairs.map(\.1) }

  private var pairs: [(String, Int32)] {
    guard let node else { return [] }
    if node.kind == .array {
      return node.elements.enumerated().map { ($1[0]?.string ?? "", Int32(clamping: $0)) }
    }
    return node.members.compactMap { name, value in
      value.int.flatMap { Int32(exactly: $0) }.map { (name, $0) }
    }
  }
}
