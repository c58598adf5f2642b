package dev.taper.datalog.regex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each piece of a pattern costs, to the step: an atom is two instructions, a group two more; a
 * repetition copies what is before it; a class has its ranges; folding walks over code points.
 */
class PatternCostTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          ''                      ~    4 ~    0 ~      68
          a                       ~    6 ~    0 ~      70
          ab                      ~    8 ~    0 ~      72
          a|b                     ~   10 ~    0 ~      74
          a*                      ~    8 ~    0 ~      72
          a+b?                    ~   12 ~    0 ~      76
          a{0}                    ~    8 ~    0 ~      72
          a{3}                    ~   14 ~    0 ~      78
          a{2,5}                  ~   18 ~    0 ~      83
          a{0,}                   ~    8 ~    0 ~      72
          a{0,6,}                 ~   18 ~    0 ~      83
          a{2}{3}                 ~   38 ~    0 ~     104
          a{2,}                   ~   12 ~    0 ~      76
          a{,5}                   ~   14 ~    0 ~      78
          a{                      ~    8 ~    0 ~      72
          a{x}                    ~   12 ~    0 ~      76
          a{1000}                 ~ 2008 ~    0 ~    6010
          a{0000000003}           ~   14 ~    0 ~      83
          a{00000000003}          ~   32 ~    0 ~     103
          (a)                     ~    8 ~    0 ~      72
          (a)(b)                  ~   12 ~    0 ~      77
          (?:ab)                  ~   10 ~    0 ~      75
          (?P<n>a)                ~   16 ~    0 ~      82
          (?<n>a)                 ~   14 ~    0 ~      79
          (?ims-U)a               ~    6 ~    0 ~      73
          a(?i){3}                ~   14 ~    0 ~      80
          (ab){3}                 ~   30 ~    0 ~      95
          ((a{2}b){3}c){4}        ~  276 ~    0 ~     422
          [a]                     ~    6 ~    1 ~      70
          [^a]                    ~    6 ~    3 ~      71
          [a-z0-9]                ~    6 ~    2 ~      73
          []a]                    ~    6 ~    2 ~      71
          [^]a]                   ~    6 ~    4 ~      72
          [a-]                    ~    6 ~    2 ~      71
          [z-a]                   ~    6 ~    1 ~      70
          [[:alpha:]]             ~    6 ~    8 ~      77
          [[:alpha:]x]            ~    6 ~    9 ~      78
          (?i)[[:alpha:]]         ~    6 ~   16 ~      85
          [[:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:]]  ~ 6 ~  8 ~ 116
          [[:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:]] ~ 8 ~ 35 ~ 134
          \\d                     ~    6 ~    8 ~      74
          \\W                     ~    6 ~    8 ~      74
          [\\d\\s]                ~    6 ~   16 ~      79
          (?i)\\w                 ~    6 ~   16 ~      79
          \\pL                    ~    6 ~  436 ~     288
          \\PLa                   ~    8 ~  436 ~     290
          \\p{Lu}                 ~    6 ~ 1177 ~     659
          \\p{^Lu}a               ~    8 ~ 1177 ~     662
          \\p{Greek}              ~    6 ~   73 ~     108
          \\p                     ~    6 ~   73 ~     106
          \\p{                    ~    6 ~   73 ~     106
          \\p{L                   ~    6 ~  436 ~     288
          \\x41                   ~    6 ~    0 ~      70
          \\x411                  ~    8 ~    0 ~      72
          \\x4                    ~    6 ~    0 ~      70
          \\x4g                   ~   10 ~    0 ~      74
          \\x{41}                 ~    6 ~    0 ~      71
          \\x{41                  ~   12 ~    0 ~      76
          \\07                    ~    6 ~    0 ~      70
          \\75                    ~    6 ~    0 ~      70
          \\10                    ~    6 ~    0 ~      70
          (?i)[\\z]               ~    6 ~    2 ~      74
          (?i)[\\0]               ~    6 ~    1 ~      72
          (?i)[\\x{g]             ~    6 ~    6 ~      79
          \\101                   ~    6 ~    0 ~      70
          \\1011                  ~    8 ~    0 ~      72
          \\08                    ~    8 ~    0 ~      72
          \\8                     ~    6 ~    0 ~      70
          \\08/                   ~   10 ~    0 ~      74
          (?i)a                   ~    6 ~    0 ~      71
          (?i:k)                  ~    8 ~    0 ~      74
          (?i)[k-m]               ~    6 ~    4 ~      77
          (?i)[a-z]               ~    6 ~    4 ~     100
          (?i)[@]                 ~    6 ~    1 ~      71
          (?i)[A]                 ~    6 ~    2 ~      73
          (?i)[\\x{7f}]           ~    6 ~    2 ~      76
          (?i)[\\x{80}]           ~    6 ~    5 ~      77
          (?i)[\\101-\\132]       ~    6 ~    4 ~     105
          (?i)[\\x41-\\x5a]       ~    6 ~    4 ~     105
          (?i)\\351               ~    6 ~    0 ~      73
          (?i)[\\351]             ~    6 ~    5 ~      76
          (?i)[\\377]             ~    6 ~    5 ~      76
          (?i)\\x{e9}             ~    6 ~    0 ~      74
          (?i)[\u00e0-\u00ff]     ~    6 ~  129 ~     168
          (?i)[\\x{1044e}]        ~    6 ~    5 ~      80
          (?i)[\\x{1044f}]        ~    6 ~    5 ~      80
          (?i)[\\x{10450}]        ~    6 ~    1 ~      77
          (?i)[\\x{0}-\\x{10ffff}]   ~ 6 ~    1 ~      85
          (?i)[\\x{41}-\\x{1044f}]   ~ 6 ~    1 ~      85
          (?i)[\\x{42}-\\x{1044f}]   ~ 6 ~ 1401 ~ 1000001
          (?i)[\\x{41}-\\x{1044e}]   ~ 6 ~ 1401 ~ 1000001
          (?i)\\x{1c7f}           ~    6 ~    0 ~      75
          (?i)\\x{1c80}           ~    6 ~    0 ~ 1000001
          """)
  void of_pattern_countsInstructionsRangesAndSteps(
      String text, long program, long ranges, long work) {
    String pattern = text.replace("\\\\", "\\");

    assertThat(PatternCost.of(pattern)).isEqualTo(new PatternCost(true, program, ranges, work));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ")",
        "a)",
        "(",
        "(a",
        "[",
        "[a",
        "[a-",
        "[]",
        "[^]",
        "[[:alpha",
        "\\",
        "a\\",
        "[\\",
        "\\Qa",
        "a\\Qb",
        "(?",
        "(?i",
        "(?x)a",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(?<!a)",
        "a{1001}",
        "a{1,1001}",
        "(a{1001})",
        "(?#a)b"
      })
  void of_patternThatIsNone_isInvalidAndFree(String pattern) {
    assertThat(PatternCost.of(pattern)).isEqualTo(new PatternCost(false, 0, 0, 0));
  }

  @Test
  void isTooLarge_beyondEitherBound_isTrue() {
    assertThat(cost(20_000, 1_000_000).isTooLarge()).isFalse();
    assertThat(cost(20_001, 0).isTooLarge()).isTrue();
    assertThat(cost(0, 1_000_001).isTooLarge()).isTrue();
  }

  /** A small program keeps its working memory, a large one gives it back. */
  @Test
  void bytes_ofPattern_countsTextProgramAndRanges() {
    assertThat(new PatternCost(true, 128, 3, 0).bytes(10)).isEqualTo(480 + 50 + 128 * 96 + 24);
    assertThat(new PatternCost(true, 129, 3, 0).bytes(10)).isEqualTo(480 + 50 + 129 * 64 + 24);
  }

  /** Letters whose case the library would follow in circles for ever, and some that end well. */
  @ParameterizedTest
  @CsvSource({
    "1c80, true",
    "1c87, true",
    "80, false",
    "e9, false",
    "b5, false",
    "130, false",
    "131, false",
    "17f, false",
    "1c5, false",
    "3c2, false",
    "1e9e, false",
    "212b, false"
  })
  void isEndless_letter_saysWhetherItsCaseComesBack(String letter, boolean endless) {
    assertThat(CaseFolding.isEndless(Integer.parseInt(letter, 16))).isEqualTo(endless);
  }

  private static PatternCost cost(long program, long work) {
    return new PatternCost(true, program, 0, work);
  }
}
