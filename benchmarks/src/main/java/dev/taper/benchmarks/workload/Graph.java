package dev.taper.benchmarks.workload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A directed graph whose edges were drawn at random, without repetition, from a fixed seed. With
 * two nodes for every edge ({@code sparse}) the paths stay short and the closure grows as the graph
 * does; with one node for every edge ({@code critical}) it grows faster, and recursion goes deep.
 */
public final class Graph {
  private static final long SEED = 1;

  /** The rules of the transitive closure, a statement each. */
  public static final List<String> CLOSURE_RULES =
      List.of("path($a, $b) <- edge($a, $b)", "path($a, $c) <- path($a, $b), edge($b, $c)");

  /** A policy that needs the closure. */
  public static final String CLOSURE_POLICY = "allow if path($a, $b)";

  private record Edge(int from, int to) {}

  private final Set<Edge> edges = new LinkedHashSet<>();

  private Graph(int nodes, int count, long seed) {
    Random random = new Random(seed);
    while (edges.size() < count) {
      edges.add(new Edge(random.nextInt(nodes), random.nextInt(nodes)));
    }
  }

  /**
   * Draws a graph.
   *
   * @param shape {@code sparse} or {@code critical}
   * @param edges the number of edges
   */
  public static Graph of(String shape, int edges) {
    return of(shape, edges, SEED);
  }

  /**
   * Draws several graphs, the first of them that of {@link #of(String, int)}.
   *
   * @param count how many
   */
  public static List<Graph> several(String shape, int edges, int count) {
    List<Graph> graphs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      graphs.add(of(shape, edges, SEED + i));
    }
    return graphs;
  }

  private static Graph of(String shape, int edges, long seed) {
    return switch (shape) {
      case "sparse" -> new Graph(2 * edges, edges, seed);
      case "critical" -> new Graph(edges, edges, seed);
      default -> throw new IllegalArgumentException("no such shape: " + shape);
    };
  }

  /** The edges as facts, such as {@code edge(1, 2)}. */
  public List<String> facts() {
    List<String> facts = new ArrayList<>();
    for (Edge edge : edges) {
      facts.add("edge(" + edge.from + ", " + edge.to + ")");
    }
    return facts;
  }

  /** The number of paths: what the rules derive. */
  public int closureSize() {
    Map<Integer, List<Integer>> next = new HashMap<>();
    for (Edge edge : edges) {
      next.computeIfAbsent(edge.from, from -> new ArrayList<>()).add(edge.to);
    }
    int size = 0;
    for (int from : next.keySet()) {
      size += reachable(next, from).size();
    }
    return size;
  }

  private static Set<Integer> reachable(Map<Integer, List<Integer>> next, int from) {
    Set<Integer> seen = new LinkedHashSet<>();
    Deque<Integer> open = new ArrayDeque<>(next.getOrDefault(from, List.of()));
    while (!open.isEmpty()) {
      int node = open.pop();
      if (seen.add(node)) {
        open.addAll(next.getOrDefault(node, List.of()));
      }
    }
    return seen;
  }
}
