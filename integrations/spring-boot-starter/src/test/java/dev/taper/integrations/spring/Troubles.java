package dev.taper.integrations.spring;

import dev.taper.agent.call.ToolCall;
import dev.taper.integrations.http.servlet.TaperFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.view.InternalResourceView;

/** What else an application may have: filters and chains that open holes where there can be one. */
@Configuration(proxyBeanMethods = false)
@Import({Troubles.Other.class, Troubles.Inner.class})
public class Troubles {
  /** What filters and handlers saw. */
  public static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

  /** Changes a request to what one of its fields says: a method, a space, a path. */
  private static FilterRegistrationBean<Filter> rewriting(String field, int order) {
    FilterRegistrationBean<Filter> registration =
        new FilterRegistrationBean<>(
            (request, response, chain) -> {
              HttpServletRequest http = (HttpServletRequest) request;
              String to = http.getHeader(field);
              if (to != null) {
                SEEN.add(field + (TaperFilter.isAllowed(request) ? " judged" : " not judged"));
              }
              chain.doFilter(to == null ? request : new Rewritten(http, to), response);
            });
    registration.setName(field);
    registration.setOrder(order);
    return registration;
  }

  private static final class Rewritten extends HttpServletRequestWrapper {
    private final String[] to;

    Rewritten(HttpServletRequest request, String to) {
      super(request);
      this.to = to.split(" ", -1);
    }

    @Override
    public String getMethod() {
      return to[0];
    }

    @Override
    public String getRequestURI() {
      return to[1];
    }

    @Override
    public String getServletPath() {
      return to[1];
    }
  }

  @Bean
  static FilterRegistrationBean<Filter> before() {
    return rewriting("X-Before", Ordered.HIGHEST_PRECEDENCE);
  }

  @Bean
  static FilterRegistrationBean<Filter> after() {
    return rewriting("X-After", 0);
  }

  @Bean
  static FilterRegistrationBean<Filter> reading() {
    FilterRegistrationBean<Filter> registration =
        new FilterRegistrationBean<>(
            (request, response, chain) -> {
              if (((HttpServletRequest) request).getHeader("X-Read") != null) {
                SEEN.add("read " + request.getParameter("name"));
              }
              chain.doFilter(request, response);
            });
    registration.setName("reading");
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  /** Lets anybody keep error pages. */
  @Bean
  static FilterRegistrationBean<Filter> keeping() {
    FilterRegistrationBean<Filter> registration =
        new FilterRegistrationBean<>(
            (request, response, chain) -> {
              ((HttpServletResponse) response).setHeader("Cache-Control", "public, max-age=60");
              chain.doFilter(request, response);
            });
    registration.setName("keeping");
    registration.setDispatcherTypes(DispatcherType.ERROR);
    return registration;
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  SecurityFilterChain opening(HttpSecurity http) {
    return http.securityMatcher("/issues/**", "/free")
        .csrf(AbstractHttpConfigurer::disable)
        .authorizeHttpRequests(all -> all.anyRequest().permitAll())
        .build();
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE + 1)
  SecurityFilterChain asking(HttpSecurity http) {
    return http.securityMatcher("/forms")
        .csrf(AbstractHttpConfigurer::disable)
        .authorizeHttpRequests(
            all -> all.anyRequest().access(TaperAuthorizationManager.tool("jira.upload")))
        .build();
  }

  @Bean
  SecurityFilterChain people(HttpSecurity http) {
    return http.csrf(AbstractHttpConfigurer::disable)
        .authorizeHttpRequests(all -> all.anyRequest().authenticated())
        .httpBasic(Customizer.withDefaults())
        .build();
  }

  @Bean
  WebSecurityCustomizer ignoring() {
    return web -> web.ignoring().requestMatchers("/uploads");
  }

  @Bean
  UserDetailsService userDetails() {
    return new InMemoryUserDetailsManager(
        User.withUsername("alice").password("{noop}wonder").roles("ADMIN").build());
  }

  /** A method behind a controller. */
  public static class Inner {
    /** Does a tool. */
    @TaperTool("jira.search")
    public String search() {
      return "inner";
    }
  }

  @RestController
  public static class Other {
    private final Inner inner;

    public Other(Inner inner) {
      this.inner = inner;
    }

    /** Is reached by a path that nobody judges. */
    @GetMapping("/free")
    public String free() {
      SEEN.add("free");
      return inner.search();
    }

    /** Is reached by what a handler forwards. */
    @TaperTool("jira.delete")
    @GetMapping("/hidden")
    public String hidden() {
      SEEN.add("hidden");
      return "hidden";
    }

    @GetMapping("/projects/FAIL/issues")
    public String fail() {
      throw new IllegalStateException("the password is hunter2");
    }

    @GetMapping("/projects/TEAPOT/issues")
    public void teapot(HttpServletResponse response) throws IOException {
      response.sendError(418, "the password is hunter2");
    }

    @GetMapping("/projects/FORWARD/issues")
    public InternalResourceView forward() {
      return new InternalResourceView("/hidden");
    }

    /** Goes on in another thread, and ends in another dispatch. */
    @TaperTool("jira.search")
    @GetMapping("/projects/ASYNC/issues")
    public Callable<String> async(ToolCall call) {
      SEEN.add("async");
      return () -> inner.search() + call.tool();
    }

    @GetMapping("/projects/THREAD/issues")
    public CompletableFuture<String> thread() {
      return CompletableFuture.supplyAsync(inner::search);
    }

    @TaperTool("jira.search")
    @GetMapping("/projects/WHO/issues")
    public String who(@Nullable TaperAuthentication agent, HttpServletRequest request) {
      SEEN.add(String.valueOf(SecurityContextHolder.getContext().getAuthentication()));
      for (String name : new String[] {"Authorization", "taper-token", "Taper-PROOF", "Cookie"}) {
        SEEN.add(request.getHeader(name) + " " + Collections.list(request.getHeaders(name)));
      }
      if (agent == null) {
        return "nobody";
      }
      try {
        agent.setAuthenticated(true);
      } catch (IllegalArgumentException e) {
        SEEN.add(String.valueOf(e.getMessage()));
      }
      agent.setAuthenticated(false);
      SEEN.add(String.valueOf(agent.getCredentials()));
      SEEN.add(
          String.valueOf(
              TaperAuthorizationManager.anyTool().authorize(() -> agent, "x").isGranted()));
      return agent.getName();
    }

    @TaperTool("jira.search")
    @GetMapping("/projects/INNER/issues")
    public String inner() {
      return inner.search();
    }
  }
}
