package dev.taper.integrations.http;

class JettyServiceTest extends OnTheWayContract {
  @Override
  TestService.Starter starter() {
    return JettyService::start;
  }

  @Override
  boolean isJdk() {
    return false;
  }
}
