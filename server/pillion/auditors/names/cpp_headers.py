"""C++'s standard headers, and words that look like names: facts only."""

_HEADERS = """
algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution expected filesystem flat_map flat_set
format forward_list fstream functional future generator initializer_list iomanip ios iosfwd iostream istream iterator
latch limits list locale map mdspan memory memory_resource mutex new numbers numeric optional ostream print queue
random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span spanstream sstream stack
stacktrace stdexcept stdfloat stop_token streambuf string string_view strstream syncstream system_error thread tuple
type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
"""
_WORDS = """
static_cast dynamic_cast const_cast reinterpret_cast typeid alignof alignas noexcept decltype co_await co_yield
co_return override final import module export requires concept consteval constinit char8_t
"""
# A call finds these without `std::` if an argument is of a type of the standard library.
_FOUND_BY_ARGUMENTS = """
abs accumulate advance all_of any_cast any_of back_inserter begin binary_search boolalpha bind call_once cbegin cend
ceil clamp copy copy_if copy_n count count_if crbegin crend data dec distance empty end endl ends equal equal_range
exchange exp fill fill_n find find_end find_first_of find_if find_if_not fixed flush for_each for_each_n forward
front_inserter generate generate_n get get_if getline hex holds_alternative includes inner_product inserter invoke
iota is_permutation is_sorted iter_swap left lexicographical_compare log lower_bound make_heap make_move_iterator
make_pair make_tuple max max_element merge min min_element minmax minmax_element mismatch move move_backward next
next_permutation none_of norm nth_element oct operator partial_sort partial_sum partition pop_heap pow prev
prev_permutation push_heap put_time quoted rbegin ref reduce regex_match regex_replace regex_search remove remove_if
rend replace replace_if reverse right rotate sample scientific search set_difference set_intersection
set_symmetric_difference set_union setfill setprecision setw shuffle size sort sort_heap sqrt ssize stable_partition
stable_sort static_pointer_cast dynamic_pointer_cast stod stof stoi stol stoll stoul stoull swap swap_ranges tie
to_address to_string to_wstring transform transform_reduce tuple_cat uninitialized_copy unique unique_copy upper_bound
visit ws
"""

CPP_HEADERS = frozenset(_HEADERS.split())
CPP_WORDS = frozenset((*_WORDS.split(), *_FOUND_BY_ARGUMENTS.split()))
