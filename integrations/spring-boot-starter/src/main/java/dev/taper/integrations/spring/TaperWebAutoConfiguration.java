package dev.taper.integrations.spring;

import dev.taper.agent.approval.Asks;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.servlet.TaperFilter;
import dev.taper.integrations.spring.TaperMcpAutoConfiguration.McpPath;
import dev.taper.operations.config.ConfiguredVerifier;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Guards every request of a servlet application, before all other filters: with Spring Security
 * where that is there, without it where it is not.
 */
@AutoConfiguration(
    after = {TaperAutoConfiguration.class, TaperMcpAutoConfiguration.class},
    afterName =
        "org.springframework.boot.security.autoconfigure.web.servlet"
            + ".ServletWebSecurityAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(ConfiguredVerifier.class)
class TaperWebAutoConfiguration {
  /** The most bytes of a message of MCP; a client may answer with pictures. */
  private static final int MCP_CONTENT = 4 << 20;

  @Bean
  @ConditionalOnMissingBean
  HttpGuard taperHttpGuard(
      ConfiguredVerifier verifier,
      TaperSettings settings,
      ObjectProvider<Asks> asks,
      ObjectProvider<TraceOfRequest> traces) {
    HttpGuard guard = HttpGuard.of(verifier::verifier);
    TraceOfRequest trace = traces.getIfAvailable();
    guard = trace == null ? guard : guard.around(trace);
    Asks kept = asks.getIfAvailable();
    guard = kept == null ? guard : guard.keepingAsks(kept);
    if (settings.dialledAs() != null) {
      guard = guard.dialledAs(settings.dialledAs());
    }
    if (settings.targetFrom() != null) {
      guard = guard.targetFrom(settings.targetFrom());
    }
    return settings.maxContent() == null ? guard : guard.maxContent(settings.maxContent());
  }

  @Bean
  ServletGuard taperServletGuard(
      HttpGuard guard, TaperSettings settings, ObjectProvider<McpPath> mcp) {
    Set<String> open = new HashSet<>(settings.open());
    mcp.ifAvailable(server -> open.add(server.path()));
    return new ServletGuard(guard, Set.copyOf(open));
  }

  /** Stands before error pages: none takes the place of a refusal, and no cache keeps one. */
  @Bean
  FilterRegistrationBean<Filter> taperErrors() {
    FilterRegistrationBean<Filter> registration =
        new FilterRegistrationBean<>(
            (request, response, chain) -> {
              if (!ServletGuard.refuseAgain(request, response)) {
                chain.doFilter(
                    request,
                    response instanceof HttpServletResponse http
                        ? TaperFilter.uncached(http)
                        : response);
              }
            });
    registration.setName("taperErrors");
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    registration.setDispatcherTypes(DispatcherType.ERROR);
    registration.setAsyncSupported(true);
    return registration;
  }

  /** Stands before the server of MCP, which reads whatever anybody sends. */
  @Bean
  @ConditionalOnBean(McpPath.class)
  FilterRegistrationBean<McpContentFilter> taperMcpContent(
      TaperSettings settings, McpPath mcp, GuardedMcp guards) {
    Integer more = settings.maxContent();
    FilterRegistrationBean<McpContentFilter> registration =
        new FilterRegistrationBean<>(
            new McpContentFilter(
                more == null ? MCP_CONTENT : Math.max(more, MCP_CONTENT),
                guards,
                settings.dialledAs()));
    registration.setName("taperMcpContent");
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    registration.setUrlPatterns(List.of(mcp.path()));
    registration.setAsyncSupported(true);
    return registration;
  }

  /** Registers the guard as the first filter. What is dispatched again was judged already. */
  private static <T extends Filter> FilterRegistrationBean<T> first(T filter) {
    FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
    registration.setName("taperGuard");
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    registration.setDispatcherTypes(DispatcherType.REQUEST);
    registration.setAsyncSupported(true);
    return registration;
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("org.springframework.security.web.SecurityFilterChain")
  static class WithoutSecurity {
    @Bean
    FilterRegistrationBean<GuardFilter> taperGuardFilter(ServletGuard guard) {
      return first(new GuardFilter(guard));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.security.web.SecurityFilterChain")
  static class WithSecurity {
    @Bean
    FilterRegistrationBean<SecuredGuardFilter> taperGuardFilter(ServletGuard guard) {
      return first(new SecuredGuardFilter(guard));
    }

    /**
     * The chain for what the guard let through: no sessions, no log-in pages. The application's own
     * chains, or Spring Boot's, have the rest; one that goes before can ask for more. Error pages
     * are nobody's request: they keep their status, and are no reason to ask for a password.
     */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 100)
    @ConditionalOnBean(HttpSecurity.class)
    @ConditionalOnMissingBean(name = "taperSecurityFilterChain")
    SecurityFilterChain taperSecurityFilterChain(HttpSecurity http) {
      return http.securityMatcher(
              request ->
                  TaperFilter.isAllowed(request)
                      || request.getDispatcherType() == DispatcherType.ERROR)
          .authorizeHttpRequests(
              requests ->
                  requests
                      .dispatcherTypeMatchers(DispatcherType.ERROR)
                      .permitAll()
                      .anyRequest()
                      .access(TaperAuthorizationManager.anyTool()))
          .securityContext(
              context ->
                  context.securityContextRepository(
                      new RequestAttributeSecurityContextRepository()))
          .sessionManagement(
              sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
          .exceptionHandling(
              refused ->
                  refused
                      .authenticationEntryPoint(
                          (request, response, e) ->
                              ServletGuard.refuse(request, response, UNAVAILABLE))
                      .accessDeniedHandler(
                          (request, response, e) ->
                              ServletGuard.refuse(request, response, UNAVAILABLE)))
          .csrf(AbstractHttpConfigurer::disable)
          .logout(AbstractHttpConfigurer::disable)
          .requestCache(AbstractHttpConfigurer::disable)
          .build();
    }

    /** The chain for the server of MCP, whose messages are judged one by one. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 100)
    @ConditionalOnBean({HttpSecurity.class, McpPath.class})
    @ConditionalOnMissingBean(name = "taperMcpSecurityFilterChain")
    SecurityFilterChain taperMcpSecurityFilterChain(
        HttpSecurity http, ServletGuard guard, McpPath mcp) {
      return http.securityMatcher(
              request -> guard.isOpen(request) && request.getRequestURI().endsWith(mcp.path()))
          .authorizeHttpRequests(messages -> messages.anyRequest().permitAll())
          .sessionManagement(
              sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
          .csrf(AbstractHttpConfigurer::disable)
          .logout(AbstractHttpConfigurer::disable)
          .requestCache(AbstractHttpConfigurer::disable)
          .build();
    }
  }

  /** What a caller reads where the service contradicts itself: nothing. */
  static final HttpRefusal UNAVAILABLE = HttpRefusal.of(503, "unavailable", null);

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DispatcherServlet.class)
  static class Mvc {
    @Bean
    WebMvcConfigurer taperArguments() {
      return new WebMvcConfigurer() {
        @Override
        public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
          resolvers.add(new ToolCallArgument());
        }
      };
    }

    @Bean
    HandlerExceptionResolver taperNotDecided() {
      return new NotDecidedAnswer();
    }
  }
}
