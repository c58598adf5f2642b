package dev.taper.agent.call;

import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The hosts of the URLs in an array. They are one fact, however many they are, so that no call can
 * state more facts than a verifier takes.
 *
 * @param every whether every element is a URL; true for the empty array
 * @param hosts the host of each element that is one, once
 */
record ElementHosts(boolean every, SortedSet<String> hosts) {
  /**
   * Judges each string of an array as if it were an argument of its own. What lies deeper is never
   * looked at.
   */
  static ElementHosts of(Term.Array array, ArgumentType.Reading reading, String subject) {
    SortedSet<String> hosts = new TreeSet<>();
    boolean every = true;
    int number = 0;
    for (Term element : array.elements()) {
      number++;
      Url url =
          element instanceof Term.Str s
              ? StringTarget.of(s.value(), reading, "element " + number + " of " + subject).url()
              : null;
      if (url == null) {
        every = false;
      } else {
        hosts.add(url.host().text());
      }
    }
    return new ElementHosts(every, hosts);
  }

  void addFact(Term.Str name, List<Fact> facts) {
    if (every || !hosts.isEmpty()) {
      List<Term> terms = new ArrayList<>(hosts.size());
      for (String host : hosts) {
        terms.add(new Term.Str(host));
      }
      facts.add(
          Fact.of(
              ReservedPredicates.ARG_EACH_HOST, name, new Term.Bool(every), Term.Set.of(terms)));
    }
  }
}
