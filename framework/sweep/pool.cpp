// framework/sweep/pool.cpp - worker processes that share the points of a sweep.
#include "sweep/pool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill() is POSIX, not in <csignal>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

namespace lyap::framework {
namespace {

using What = PointReport::What;
using Clock = std::chrono::steady_clock;

/// How often a point may lose its worker to a signal from outside.
constexpr int most_kills = 5;

/// A flag that parent and children share.
class SharedFlag {
 public:
  SharedFlag() {
    void* page = ::mmap(nullptr, sizeof(std::atomic<bool>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
      throw Error(fmt::format("cannot share memory with workers ({})", std::strerror(errno)));
    flag_ = new (page) std::atomic<bool>(false);
  }
  SharedFlag(const SharedFlag&) = delete;
  SharedFlag& operator=(const SharedFlag&) = delete;
  ~SharedFlag() { ::munmap(flag_, sizeof(std::atomic<bool>)); }

  void set() { flag_->store(true); }
  bool get() const { return flag_->load(); }

 private:
  std::atomic<bool>* flag_;
};

struct Child {
  pid_t process = -1;
  int pipe = -1;            // what it reports
  std::string unread;       // of the last report, not yet whole
  std::int64_t point = -1;  // what it is working on
  Clock::time_point begun{};
  bool late = false;  // and was ended for that
};

/// A report as one line; a sentence has no line breaks that matter.
std::string line_of(const PointReport& report) {
  std::string sentence = report.sentence;
  for (char& c : sentence)
    if (c == '\n') c = ' ';
  return fmt::format("{} {} {}\n", static_cast<int>(report.what), report.index, sentence);
}

PointReport report_of(const std::string& line) {
  std::size_t read = 0;
  const auto what = static_cast<What>(std::stoi(line, &read));
  const std::string rest = line.substr(read + 1);
  const std::int64_t index = std::stoll(rest, &read);
  return {what, index, rest.size() > read + 1 ? rest.substr(read + 1) : ""};
}

void write_all(int descriptor, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t wrote = ::write(descriptor, text.data() + at, text.size() - at);
    if (wrote < 0 && errno != EINTR) return;  // nobody listens any more
    if (wrote > 0) at += static_cast<std::size_t>(wrote);
  }
}

/// Of one that a plugin's mistake ended.
std::string end_of_worker(int status) {
  const std::string how =
      WIFSIGNALED(status)
          ? fmt::format("crashed (signal {}, {})", WTERMSIG(status), strsignal(WTERMSIG(status)))
          : fmt::format("ended itself (exit code {})", WEXITSTATUS(status));
  return "its worker " + how + ": a mistake in a plugin; `lyap check` finds which";
}

class Pool {
 public:
  Pool(const Assignment& assignment, const Surroundings& surroundings, const PoolSettings& settings,
       const std::function<void(const PointReport&)>& tell)
      : assignment_(assignment),
        surroundings_(surroundings),
        settings_(settings),
        tell_(tell),
        children_(static_cast<std::size_t>(settings.jobs)) {}

  PoolOutcome run(const std::function<void()>& every_second) {
    for (Child& child : children_) start(child);
    for (Clock::time_point last = Clock::now(); listen();) {
      if (surroundings_.stopped() && !outcome_.stopped) stop();
      if (settings_.point_seconds > 0) end_late_ones();
      if (Clock::now() - last < std::chrono::seconds(1)) continue;
      last = Clock::now();
      every_second();
    }
    return outcome_;
  }

 private:
  void start(Child& child) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      throw Error(fmt::format("cannot start a worker ({})", std::strerror(errno)));
    const pid_t parent = ::getpid();
    const pid_t process = ::fork();
    if (process < 0)
      throw Error(fmt::format("cannot start a worker ({}); lower --jobs", std::strerror(errno)));
    if (process == 0) {
      ::close(ends[0]);
      work(ends[1], parent);
    }
    ::close(ends[1]);
    child = {};
    child.process = process, child.pipe = ends[0];
  }

  /// What a child does; never returns.
  [[noreturn]] void work(int pipe, pid_t parent) {
    // Ctrl-C is for the parent, which passes it on once: a second one would end a worker at once.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    int code = 0;
    try {
      Workers threads(settings_.threads);
      Surroundings surroundings = surroundings_;
      surroundings.workers = &threads;
      surroundings.progress = nullptr;
      carry_out_points(
          assignment_, surroundings, [&] { return enough_.get(); },
          [&](const PointReport& report) { write_all(pipe, line_of(report)); });
    } catch (const std::exception& e) {
      write_all(pipe, line_of({What::Left, -1, e.what()}));
      code = 1;
    }
    ::_exit(code);
  }

  /// Waits a moment for reports. False: no child is left.
  bool listen() {
    std::vector<pollfd> pipes;
    for (const Child& child : children_)
      if (child.process > 0) pipes.push_back({child.pipe, POLLIN, 0});
    if (pipes.empty()) return false;
    ::poll(pipes.data(), pipes.size(), 200);
    for (const pollfd& ready : pipes)
      if (ready.revents)
        for (Child& child : children_)
          if (child.process > 0 && child.pipe == ready.fd) read_from(child);
    return true;
  }

  void read_from(Child& child) {
    char text[4096];
    const ssize_t length = ::read(child.pipe, text, sizeof text);
    if (length < 0) return;
    if (length == 0) {
      bury(child);
      return;
    }
    child.unread.append(text, static_cast<std::size_t>(length));
    for (std::size_t end; (end = child.unread.find('\n')) != std::string::npos;) {
      const PointReport report = report_of(child.unread.substr(0, end));
      child.unread.erase(0, end + 1);
      if (report.what == What::Begun)
        child.point = report.index, child.begun = Clock::now();
      else if (report.index == child.point)  // the next one may have begun before
        child.point = -1;
      count(report);
    }
  }

  void count(const PointReport& report) {
    outcome_.done += report.what == What::Done;
    outcome_.diverged += report.what == What::Diverged;
    outcome_.failed += report.what == What::Failed;
    outcome_.left += report.what == What::Left;
    if (settings_.failures > 0 && outcome_.failed >= settings_.failures) enough_.set();
    tell_(report);
  }

  void end_late_ones() {
    const auto most = std::chrono::duration<double>(settings_.point_seconds);
    for (Child& child : children_)
      if (child.process > 0 && child.point >= 0 && Clock::now() - child.begun > most) {
        child.late = true;
        ::kill(child.process, SIGKILL);
      }
  }

  /// A child has ended: by itself, by a mistake of a plugin, or killed.
  void bury(Child& child) {
    int status = 0;
    ::close(child.pipe);
    ::waitpid(child.process, &status, 0);
    const std::int64_t point = child.point;
    const bool late = child.late;
    child = {};
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (!signal && point < 0) return;  // there was nothing left, or it has said why
    const bool from_outside = signal == SIGKILL || signal == SIGTERM || signal == SIGINT;
    if (point >= 0 && late)
      fail(point, fmt::format("it took longer than the {:g} s of --point-timeout",
                              settings_.point_seconds));
    else if (point >= 0 && (!from_outside || ++kills_[point] >= most_kills))
      fail(point,
           from_outside
               ? fmt::format("its worker was killed {} times; is there enough memory?", most_kills)
               : end_of_worker(status));
    if (!outcome_.stopped && !enough_.get()) start(child);
  }

  /// Whoever has taken the point since then will see for himself; a plugin may crash when it is
  /// dropped, after its point is complete.
  void fail(std::int64_t point, const std::string& why) {
    const std::string& id = assignment_.sweep.points()[static_cast<std::size_t>(point)].id;
    Claims claims(assignment_.directory.claims());
    if (!claims.take(id) || std::filesystem::exists(assignment_.directory.point(id))) return;
    assignment_.directory.fail(id, why);
    count({What::Failed, point, why});
  }

  void stop() {
    outcome_.stopped = true;
    for (const Child& child : children_)
      if (child.process > 0) ::kill(child.process, SIGTERM);
  }

  const Assignment& assignment_;
  const Surroundings& surroundings_;
  const PoolSettings& settings_;
  const std::function<void(const PointReport&)>& tell_;
  SharedFlag enough_;
  std::vector<Child> children_;
  std::map<std::int64_t, int> kills_;
  PoolOutcome outcome_;
};

}  // namespace

PoolOutcome run_pool(const Assignment& assignment, const Surroundings& surroundings,
                     const PoolSettings& settings,
                     const std::function<void(const PointReport&)>& tell,
                     const std::function<void()>& every_second) {
  return Pool(assignment, surroundings, settings, tell).run(every_second);
}

}  // namespace lyap::framework
