import Glibc

/// The date of this day at this place.
public enum Today {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// As transformers writes it: `26 Jul 2024`.
  public static var text: String {
    var now = time(nil)
    var parts = unsafe tm()
    guard unsafe localtime_r(&now, &parts) != nil, unsafe months.indices.contains(Int(parts.tm_mon))
    else {
      return ChatTemplate.templateDate
    }
    let day = unsafe parts.tm_mday < 10 ? unsafe "0\(parts.tm_mday)" : unsafe "\(parts.tm_mday)"
    return unsafe "\(day) \(months[Int(parts.tm_mon)]) \(Int(parts.tm_year) + 1900)"
  }
}
