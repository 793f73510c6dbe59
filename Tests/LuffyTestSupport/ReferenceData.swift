import Foundation
import LuffyJSON

/// The reference data beside a developer's checkout. The product never reads it; tests that do are skipped,
/// saying so, where it is absent.
package enum ReferenceData {
  /// `LUFFY_SHARED`, or `../shared` beside the package.
  package static let root: String? = {
    let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../shared").standardizedFileURL.path
    let candidate = ProcessInfo.processInfo.environment["LUFFY_SHARED"] ?? beside
    let found = FileManager.default.fileExists(atPath: candidate + "/data")
    if !found { print("skipped: no reference data at \(candidate) (set LUFFY_SHARED)") }
    return found ? candidate : nil
  }()

  package static var isPresent: Bool { root != nil }

  /// The path of a file under `shared/data`.
  package static func path(_ name: String) -> String { "\(root ?? "")/data/\(name)" }

  package static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// One parsed document a line.
  package static func lines(_ name: String) throws -> [JSONDocument] {
    try bytes(name).split(separator: UInt8(ascii: "\n")).map {
      try JSONDocument(parsing: Array($0))
    }
  }
}
