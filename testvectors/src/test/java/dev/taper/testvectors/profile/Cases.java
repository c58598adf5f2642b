package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cases of one file, in the order of writing. */
final class Cases {
  private final String kind;
  private final String about;
  private final List<ObjectNode> cases = new ArrayList<>();

  Cases(String kind, String about) {
    this.kind = kind;
    this.about = about;
  }

  /**
   * Adds a case.
   *
   * @param name what is special about it; unique in the file
   * @param attack the attack class of docs/profile.md, section 16, or null
   * @param parts names and values in turns
   */
  void add(String name, @Nullable String attack, @Nullable Object... parts) {
    ObjectNode all = Json.object("name", name, "attack", attack);
    all.setAll(Json.object(parts));
    cases.add(all);
  }

  static ObjectNode ok(Object result) {
    return Json.object("ok", result);
  }

  static ObjectNode code(String code) {
    return Json.object("code", code);
  }

  JsonNode file() {
    return Json.object("kind", kind, "about", about, "cases", cases);
  }
}
