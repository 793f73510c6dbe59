import Foundation
import LuffyRecords

/// One line that is written over where the output is a terminal, and now and then a line of its own elsewhere.
struct ProgressLine {
  private let isTerminal = isatty(1) == 1
  private let start = Date()
  private let total: Int
  private let first: Int
  private let label: String

  /// `first` steps were done before.
  init(_ label: String, total: Int, first: Int = 0) {
    self.label = label
    self.total = total
    self.first = first
  }

  func show(_ step: Int, _ fields: String) {
    let elapsed = Date().timeIntervalSince(start)
    let each = elapsed / Double(max(1, step - first))
    let left = Self.time(each * Double(total - step))
    let text = "\(label) \(step)/\(total)  \(fields)  \(each.rounded(to: 2)) s/step  \(left) left"
    if isTerminal {
      print("\r\u{1B}[K\(text)", terminator: step == total ? "\n" : "")
      fflush(nil)
    } else if step == first + 1 || step == total || step % max(1, total / 10) == 0 {
      print(text)
      fflush(nil)
    }
  }

  static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    return whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
  }
}
