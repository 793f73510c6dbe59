import Glibc

/// The date of this day at this place.
public enum Today {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// As transformers writes it: `26 Jul 2024`.
  public static var text: String {
    var now = time(nil)
    var parts = tm()
    guard localtime_r(&now, &parts) != nil, months.indices.contains(Int(parts.tm_mon)) else {
      return "26 Jul 2024"
    }
    let day = parts.tm_mday < 10 ? "0\(parts.tm_mday)" : "\(parts.tm_mday)"
    return "\(day) \(months[Int(parts.tm_mon)]) \(Int(parts.tm_year) + 1900)"
  }
}
