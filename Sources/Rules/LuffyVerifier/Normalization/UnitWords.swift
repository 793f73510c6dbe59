/// The words that are units or things counted.
enum UnitWords {
  enum Strength: Int {
    /// One letter, which may as well be a variable: a unit only after a plain number and a blank (`7 s`).
    case letter
    /// Two letters: a unit only after a plain number, or after a blank (`\sqrt{2} cm`).
    case short
    /// A word.
    case word
  }

  private static let letters: Set<String> = [
    "m", "s", "g", "h", "l", "L", "N", "J", "W", "V",
  ]
  private static let pairs: Set<String> = {
    let names =
      "cm mm km kg mg gm ml mL dm lb lbs oz hr hrs yr yrs ft mi in sq am pm st nd rd th rs Rs dL kJ "
      + "kW kN kV Hz Pa eV ms ns Kg KM cc sec min mph deg rad rev mol psi amp cup bar kPa MPa GHz MHz kHz "
      + "kWh mA MW GW nm dB Wh rad"
    return Set(names.split(separator: " ").map(String.init))
  }()
  private static let words: Set<String> = {
    let names =
      "integerpoint feet sue digit pound meal edge student multiple east degree kmph mile monkey "
      + "prime ratio profit tile per gain way west men soldier pie excess inches noon cent gal kmh "
      + "acre rise mark toy coin gallon women square are rupee rounds cubic mtr ohm number day hour "
      + "minute second man woman cube hectare more unit month apple liter loss yard pure year increase "
      + "decrease less litre metre meter inch radian dollar point people pen cat dog boy girl "
      + "car egg cow pig bag box boxes row day week cents units times kids sqft sqm cuft "
      + "GBP INR CNY JPY"
    return Set(names.split(separator: " ").map(String.init))
  }()

  /// How surely a run of letters is a unit; nil where it is none.
  static func strength(_ word: Bytes) -> Strength? {
    let name = word.text
    if word.count == 1 { return letters.contains(name) ? .letter : nil }
    if pairs.contains(name) { return .short }
    for ending in ["", "s", "es"] where name.hasSuffix(ending) {
      if words.contains(String(name.dropLast(ending.utf8.count))) { return .word }
    }
    return nil
  }
}
