// tests/framework/sweep/claims_test.cpp - points claimed by processes that may end at any moment.
#include "sweep/claims.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../temporary_folder.hpp"
#include "base/error.hpp"

using namespace lyap::framework;

namespace {

/// Another process that runs `act` with claims of its own and then waits to be killed.
class OtherProcess {
 public:
  template <class Act>
  OtherProcess(const std::filesystem::path& file, const Act& act) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0) {
      Claims claims(file);
      const char took = act(claims) ? 'y' : 'n';
      if (::write(ends[1], &took, 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    ::close(ends[1]);
    char took = '?';
    REQUIRE(::read(ends[0], &took, 1) == 1);
    ::close(ends[0]);
    succeeded_ = took == 'y';
  }
  ~OtherProcess() { kill(); }

  bool succeeded() const { return succeeded_; }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }

 private:
  pid_t process_;
  bool succeeded_ = false;
};

const std::string first = "000000000000", last = "ffffffffffff", id = "1f3a9c00d2e4";

}  // namespace

TEST_CASE("claims: a point belongs to one process at a time, and is free when that is killed") {
  const TemporaryFolder folder;
  const auto file = folder / "claims";
  Claims ours(file);
  OtherProcess other(file, [](Claims& claims) { return claims.take(id); });
  CHECK(other.succeeded());
  CHECK(ours.taken(id));
  CHECK_FALSE(ours.take(id));
  CHECK_FALSE(ours.taken("1f3a9c00d2e5"));
  CHECK(ours.take("1f3a9c00d2e5"));
  other.kill();
  CHECK_FALSE(ours.taken(id));
  CHECK(ours.take(id));
  OtherProcess late(file, [](Claims& claims) { return claims.take(id); });
  CHECK_FALSE(late.succeeded());
  ours.release(id);
  OtherProcess later(file, [](Claims& claims) { return claims.take(id); });
  CHECK(later.succeeded());
}

TEST_CASE("claims: one's own are not those of others, and the ends of the range are ids too") {
  const TemporaryFolder folder;
  Claims claims(folder / "claims");
  for (const std::string& point : {first, last, id}) {
    CHECK(claims.take(point));
    CHECK_FALSE(claims.taken(point));
    CHECK(claims.take(point));  // again
    Claims others(folder / "claims");
    CHECK(others.taken(point));
    CHECK_FALSE(others.take(point));
  }
  CHECK(std::filesystem::file_size(folder / "claims") == 0);  // locks take no room
}

TEST_CASE("claims: whoever writes files of the sweep takes no point, and is waited for") {
  const TemporaryFolder folder;
  const auto file = folder / "claims";
  OtherProcess writer(file, [](Claims& claims) {
    claims.take_files();
    return true;
  });
  Claims ours(file);
  for (const std::string& point : {first, last}) CHECK_FALSE(ours.taken(point));
  // A second writer is still waiting after a moment, and goes on when the first is gone.
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t second = ::fork();
  if (second == 0) {
    Claims claims(file);
    claims.take_files();
    ::_exit(::write(ends[1], "y", 1) == 1 ? 0 : 1);
  }
  ::close(ends[1]);
  ::usleep(100000);
  CHECK(::waitpid(second, nullptr, WNOHANG) == 0);
  writer.kill();
  char done = '?';
  CHECK(::read(ends[0], &done, 1) == 1);
  CHECK(done == 'y');
  ::close(ends[0]);
  ::waitpid(second, nullptr, 0);
}

TEST_CASE("claims: they go with their object") {
  const TemporaryFolder folder;
  Claims ours(folder / "claims");
  {
    Claims others(folder / "claims");
    CHECK(others.take(id));
    CHECK(ours.taken(id));
  }
  CHECK_FALSE(ours.taken(id));
}

TEST_CASE("claims: a file that cannot be opened is named") {
  CHECK_THROWS_WITH_AS(Claims("/nowhere/claims"),
                       "/nowhere/claims: cannot be opened (No such file or directory)", Error);
}
