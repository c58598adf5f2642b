package dev.taper.testvectors;

import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A token of the published set, before it is made.
 *
 * @param title what it shows
 * @param filename the name of its file
 * @param blocks its blocks as Datalog text
 * @param sealed whether it is sealed
 * @param authorizers authorizers as Datalog text, by name
 */
record SampleCase(
    String title,
    String filename,
    List<String> blocks,
    boolean sealed,
    Map<String, String> authorizers) {

  static SampleCase of(String filename, String title) {
    return new SampleCase(title, filename + ".bc", List.of(), false, Map.of());
  }

  SampleCase block(String text) {
    List<String> more = new ArrayList<>(blocks);
    more.add(text);
    return new SampleCase(title, filename, more, sealed, authorizers);
  }

  SampleCase seal() {
    return new SampleCase(title, filename, blocks, true, authorizers);
  }

  SampleCase judge(String name, String text) {
    Map<String, String> more = new LinkedHashMap<>(authorizers);
    more.put(name, text);
    return new SampleCase(title, filename, blocks, sealed, more);
  }

  List<Block> parsedBlocks() {
    List<Block> parsed = new ArrayList<>();
    for (String text : blocks) {
      parsed.add(Datalog.block(text));
    }
    return parsed;
  }
}
