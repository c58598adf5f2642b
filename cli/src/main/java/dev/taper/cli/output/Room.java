package dev.taper.cli.output;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.util.Collection;
import java.util.List;

/**
 * Room for the texts of something that is shown. A token has one copy of a long text that it can
 * name at many places, so what is longer than the room is cut short, and of what comes behind it
 * only the beginning is told. For one thread.
 */
public final class Room {
  /** How much is told of each text however many there are. */
  private static final int LEAST = 64;

  /** Sixteen times as much as the bytes of a token. */
  private static final int PLENTY = 16 * 65_536;

  private int left;

  /** Makes room for all that a token needs whose texts are its own. */
  public Room() {
    this(PLENTY);
  }

  /** Makes room for so many characters. */
  public Room(int characters) {
    this.left = characters;
  }

  /** What there is room for of a thing's text; an ellipsis stands for the rest. */
  public String fit(Object thing) {
    int most = Math.max(LEAST, left);
    String text = ShortText.of(text(thing, most), most);
    left -= text.length();
    return text;
  }

  /** What there is room for of the texts of several things. */
  public List<String> fitAll(Collection<?> things) {
    return things.stream().map(this::fit).toList();
  }

  private static String text(Object thing, int most) {
    if (thing instanceof Term term) {
      return term.text(most);
    } else if (thing instanceof Fact fact) {
      return fact.text(most);
    } else if (thing instanceof Rule rule) {
      return rule.text(most);
    } else if (thing instanceof Check check) {
      return check.text(most);
    } else if (thing instanceof Grant grant) {
      return grant.text(most);
    }
    return thing instanceof Constraint constraint ? constraint.text(most) : thing.toString();
  }
}
