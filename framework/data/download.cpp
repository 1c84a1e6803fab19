// framework/data/download.cpp - a file from the web, going on where an earlier attempt ended.
#include "data/download.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.hpp"

#if LYAP_CURL
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#endif

namespace lyap::framework {
namespace {

bool is_local_test(const std::string& url) {
  return std::getenv("LYAP_TEST_HTTP") &&
         (url.starts_with("http://127.0.0.1:") || url.starts_with("http://127.0.0.1/"));
}

void check_address(const std::string& url) {
  if (!may_download(url))
    throw InputError(fmt::format("'{}' is not downloaded: only https is", url));
}

}  // namespace

bool may_download(const std::string& url) {
  return url.starts_with("https://") || is_local_test(url);
}

#if LYAP_CURL

namespace {

/// The growing file, held by one process at a time.
class Part {
 public:
  explicit Part(const std::filesystem::path& path)
      : path_(path),
        descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail();
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(descriptor_);
    throw Error(
        fmt::format("'{}' is being downloaded by another process; wait for it", path.string()));
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() { ::close(descriptor_); }

  std::int64_t size() const {
    struct stat status;
    return ::fstat(descriptor_, &status) == 0 ? status.st_size : 0;
  }
  void empty() {
    if (::ftruncate(descriptor_, 0) != 0) fail();
  }
  void flush() {
    if (::fsync(descriptor_) != 0) fail();
  }
  /// False, and errno, when the disk does not take all of it.
  bool append(const char* bytes, std::size_t count) {
    while (count > 0) {
      const ssize_t taken = ::write(descriptor_, bytes, count);
      if (taken < 0 && errno == EINTR) continue;
      if (taken < 0) return false;
      bytes += taken;
      count -= static_cast<std::size_t>(taken);
    }
    return true;
  }
  [[noreturn]] void fail() const {
    throw Error(fmt::format("'{}' cannot be written: {}", path_.string(),
                            std::generic_category().message(errno)));
  }

 private:
  const std::filesystem::path& path_;
  int descriptor_;
};

/// One download; libcurl calls back with its address.
class Transfer {
 public:
  Transfer(const std::string& url, Part& part, std::int64_t limit, const DownloadProgress& progress,
           const Stop& stop)
      : url_(url), part_(part), limit_(limit), progress_(progress), stop_(stop) {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    curl_.reset(started == CURLE_OK ? curl_easy_init() : nullptr);
    if (!curl_) throw Error("libcurl cannot be started");
  }

  void carry_out() {
    CURLcode code = attempt();
    // A server that cannot go on in the middle sends all of it.
    if (code == CURLE_RANGE_ERROR) {
      part_.empty();
      code = attempt();
    }
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    constexpr long nothing_behind = 416;  // what is asked for begins at the end: all is there
    if (code == CURLE_HTTP_RETURNED_ERROR && status == nothing_behind && begun_at_ > 0) return;
    if (code != CURLE_OK) refuse(code);
  }

 private:
  CURLcode attempt() {
    begun_at_ = part_.size();
    CURL* const curl = curl_.get();
    const bool test = is_local_test(url_);
    curl_easy_reset(curl);
    set(CURLOPT_URL, url_.c_str());
    set(CURLOPT_PROTOCOLS_STR, test ? "http" : "https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, 5L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "lyap");
    set(CURLOPT_CONNECTTIMEOUT, 30L);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, 60L);
    set(CURLOPT_ERRORBUFFER, reason_.data());
    set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(begun_at_));
    set(CURLOPT_WRITEFUNCTION, &Transfer::take);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::report);
    set(CURLOPT_XFERINFODATA, this);
    if (test) set(CURLOPT_NOPROXY, "127.0.0.1");
    return curl_easy_perform(curl);
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK)
      throw Error("this libcurl cannot keep downloads to https; a newer one is needed");
  }

  static std::size_t take(char* bytes, std::size_t, std::size_t count, void* transfer) {
    Transfer& self = *static_cast<Transfer*>(transfer);
    self.too_long_ = self.part_.size() + static_cast<std::int64_t>(count) > self.limit_;
    if (self.too_long_) return 0;
    if (self.part_.append(bytes, count)) return count;
    self.disk_ = errno;
    return 0;
  }

  static int report(void* transfer, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
    const Transfer& self = *static_cast<Transfer*>(transfer);
    if (self.progress_) self.progress_(self.begun_at_ + done, total ? self.begun_at_ + total : 0);
    return self.stop_.asked() ? 1 : 0;
  }

  [[noreturn]] void refuse(CURLcode code) {
    if (stop_.asked())
      throw Interrupted(fmt::format(
          "interrupted; {} bytes of '{}' are kept, and the same command goes on behind them",
          part_.size(), url_));
    if (disk_ != 0) {
      errno = disk_;
      part_.fail();
    }
    if (too_long_) {
      part_.empty();
      throw Error(fmt::format("'{}' sends more than the {} bytes that belong there", url_, limit_));
    }
    throw Error(fmt::format("'{}' could not be downloaded: {}", url_,
                            reason_[0] ? reason_.data() : curl_easy_strerror(code)));
  }

  struct Free {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  const std::string& url_;
  Part& part_;
  const std::int64_t limit_;
  const DownloadProgress& progress_;
  const Stop& stop_;
  std::unique_ptr<CURL, Free> curl_;
  std::array<char, CURL_ERROR_SIZE> reason_{};
  std::int64_t begun_at_ = 0;
  bool too_long_ = false;
  int disk_ = 0;
};

}  // namespace

bool can_download() {
  return true;
}

void download(const std::string& url, const std::filesystem::path& path, std::int64_t limit,
              const DownloadProgress& progress, const Stop& stop) {
  check_address(url);
  Part part(path);
  try {
    Transfer(url, part, limit, progress, stop).carry_out();
  } catch (const Error&) {
    if (part.size() == 0) std::filesystem::remove(path);
    throw;
  }
  part.flush();
}

#else

bool can_download() {
  return false;
}

void download(const std::string& url, const std::filesystem::path&, std::int64_t,
              const DownloadProgress&, const Stop&) {
  check_address(url);
  throw Error("this program was built without libcurl and downloads nothing");
}

#endif

}  // namespace lyap::framework
