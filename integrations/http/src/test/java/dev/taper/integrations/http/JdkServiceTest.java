package dev.taper.integrations.http;

class JdkServiceTest extends OnTheWayContract {
  @Override
  TestService.Starter starter() {
    return JdkService::start;
  }

  @Override
  boolean isJdk() {
    return true;
  }
}
