""" "Prompting untuk Profesional", last part: a team's habits."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

TEAM_HABITS: Final[Chapter] = Chapter(
    title="Dari Prompt ke Kebiasaan Tim",
    description="Menilai hasil, berbagi prompt, menghitung biaya, dan menetapkan batas bersama.",
    lessons=(
        LessonItem(
            title="Menilai Mutu secara Tertib",
            description="Sepuluh contoh, satu rubrik, dan penilaian tanpa melihat nama.",
            minutes=11,
            content="""
                    "Rasanya lebih bagus" adalah awal, bukan hasil. Untuk memilih antara dua prompt
                    atau dua model, perlakukan seperti mencicipi tanpa melihat merek.

                    ## Kumpulkan sepuluh tugas

                    Ambil dari pekerjaan nyata yang sudah disamarkan: enam yang biasa, tiga yang
                    sulit, satu yang seharusnya ditolak. Tulis hasil yang Anda anggap baik sebelum
                    melihat jawaban mesin.

                    ## Rubrik pendek

                    Tiga pertanyaan cukup: benar menurut bahan? lengkap? dapat dikirim tanpa
                    suntingan? Nilai 0, 1, atau 2. Dua orang menilai terpisah. Bila nilai mereka
                    sering berbeda, rubriknya yang perlu diperbaiki.

                    ## Tanpa nama

                    Acak urutannya, hapus nama model. Catat juga waktu yang dihabiskan untuk
                    memeriksa; prompt yang hasilnya sedikit lebih baik tetapi dua kali lebih lama
                    diperiksa belum tentu menang.

                    Sepuluh tugas tidak membuktikan apa pun secara statistik. Ia cukup untuk menolak
                    pilihan yang buruk dan menemukan jenis kesalahan yang tidak terpikir sebelumnya.

                    ## Contoh hasil

                    Nilai tertinggi untuk satu tugas adalah enam. Prompt A dan B dinilai pada
                    sepuluh tugas yang sama.

                    | | A | B |
                    |---|---|---|
                    | Enam tugas biasa | 33 dari 36 | 29 dari 36 |
                    | Tiga tugas sulit | 8 dari 18 | 14 dari 18 |
                    | Satu yang harus ditolak | 0 dari 6 | 6 dari 6 |
                    | Jumlah | 41 dari 60 | 49 dari 60 |
                    | Menit memeriksa, rata-rata | 3 | 4 |

                    Menurut jumlahnya B menang. Yang lebih penting ada di baris ketiga: A
                    mengerjakan tugas yang seharusnya ditolak. Bila tugas itu nyata, misalnya
                    permintaan membuka gaji rekan, satu nol sudah cukup untuk menggugurkan A, berapa
                    pun nilainya di baris lain. Sebaliknya, bila tugas Anda hampir semuanya biasa
                    dan tidak berbahaya, A yang lebih cepat diperiksa mungkin pilihan yang tepat.
                    Rubrik memberi angka; memutuskan tetap pekerjaan Anda.

                    ## Contoh rubrik

                    Untuk ringkasan notulen, sebuah tim menulis: *benar*: setiap keputusan ada di
                    catatan; *lengkap*: penanggung jawab dan tenggat tidak hilang; *siap kirim*:
                    tidak ada kalimat yang harus diubah. Pada putaran pertama dua penilai berbeda di
                    empat tugas. Ternyata mereka tidak sepakat apakah keberatan termasuk keputusan.
                    Setelah disepakati, perbedaannya tinggal satu.

                    Simpan tugas, hasil, dan nilai bersama tanggalnya. Ketika penyedia mengganti
                    model, Anda dapat menjalankan ulang semuanya dalam satu pagi, dan tidak perlu
                    mengandalkan ingatan tentang bagaimana hasilnya "dulu".
                """,
            questions=(
                Question(
                    "easy",
                    "Mengapa nama model disembunyikan dari penilai?",
                    (
                        "Karena nama model adalah rahasia penyedia",
                        "Karena dugaan tentang model memengaruhi nilai",
                        "Karena penilaian menjadi lebih cepat",
                    ),
                    right=1,
                    because=(
                        "Orang cenderung melihat apa yang diduganya. Tanpa nama, yang dinilai "
                        "hanya hasilnya."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Dua penilai sering berbeda nilai pada tugas yang sama. Apa yang "
                        "diperbaiki lebih dulu?"
                    ),
                    (
                        "Prompt yang sedang diuji",
                        "Jumlah tugas dalam uji",
                        "Rubrik, sampai keduanya memahaminya sama",
                    ),
                    right=2,
                    because=(
                        "Perbedaan menandakan kriteria yang kabur. Selama itu, nilai prompt tidak "
                        "dapat dibandingkan."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Prompt C unggul dalam jumlah nilai, tetapi mengerjakan permintaan gaji "
                        "yang harus ditolak. Keputusan mana yang masuk akal?"
                    ),
                    (
                        "Menggugurkan C, karena satu kegagalan itu tidak dapat ditebus nilai lain",
                        (
                            "Memilih C, karena satu dari sepuluh tugas terlalu sedikit untuk "
                            "menentukan"
                        ),
                        "Memilih C, lalu menghapus tugas itu dari daftar uji",
                    ),
                    right=0,
                    because=(
                        "Rata-rata menyembunyikan kegagalan yang berat. Untuk hal yang tidak "
                        "boleh terjadi, tetapkan syarat lulus, bukan nilai."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Perpustakaan Prompt Bersama",
            description="Satu berkas yang terawat lebih berguna daripada seratus tangkapan layar.",
            minutes=9,
            content="""
                    Prompt yang baik adalah pengetahuan kerja. Ia pantas dirawat seperti formulir.

                    ## Apa yang dicatat

                    - Nama tugas dan pemilik.
                    - Teks prompt, dengan bagian yang diganti ditandai kurung siku.
                    - Bahan yang diperlukan dan yang dilarang.
                    - Apa yang harus diperiksa manusia.
                    - Tanggal uji terakhir dan model yang dipakai.

                    ## Siapa yang merawat

                    Setiap prompt punya satu pemilik. Usul perubahan boleh dari siapa saja, tetapi
                    pemilik menjalankan masukan uji sebelum menerimanya. Prompt tanpa pemilik selama
                    enam bulan dipindah ke arsip.

                    ## Hindari museum

                    Ukuran keberhasilan bukan jumlah prompt, melainkan berapa yang dipakai minggu
                    ini. Sepuluh yang hidup lebih baik daripada dua ratus yang dikagumi. Hapus yang
                    tidak dipakai, dan ceritakan pada rapat bulanan satu prompt yang gagal beserta
                    sebabnya. Cerita gagal menunjukkan batas sebuah prompt, dan batas itulah yang
                    tidak tertulis di teksnya.

                    ## Contoh satu kartu

                    *Nama:* balasan pertanyaan jam buka. *Pemilik:* meja depan. *Prompt:* tulis
                    balasan ramah paling banyak 40 kata kepada [pesan]; jam buka: [jam]; selain jam
                    buka tulis "tidak disebut"; pesan kosong: PERIKSA. *Dilarang:* nama dan nomor
                    pelanggan. *Periksa:* jam pada hari libur. *Uji terakhir:* awal bulan ini.

                    Kartu itu hanya enam baris, tetapi petugas pengganti dapat bekerja pada hari
                    pertamanya. Yang paling berharga bukan teks promptnya, melainkan baris
                    "periksa": di situlah pengalaman orang sebelumnya tersimpan.

                    ## Contoh usul perubahan

                    Seorang petugas mengusulkan kata "ramah" diganti "ramah dan lengkap". Pemilik
                    kartu menjalankan empat masukan uji sebelum dan sesudahnya:

                    | Masukan uji | Sebelum | Sesudah |
                    |---|---|---|
                    | Buka hari Minggu? | 31 kata, benar | 38 kata, benar |
                    | Libur Lebaran buka? | 36 kata, benar | 57 kata, terlalu panjang |
                    | Bisa bayar di tempat? | "tidak disebut" | menjawab "bisa" |
                    | (kosong) | PERIKSA | PERIKSA |

                    Kata "lengkap" mendorong model menjawab hal yang tidak ada di kartu. Usul itu
                    ditolak, alasannya dicatat, dan masukan ketiga ditandai sebagai uji yang wajib
                    lulus. Enam bulan kemudian orang lain mengusulkan hal yang sama; catatan itu
                    menghemat satu putaran pengujian.

                    Contoh ini juga menunjukkan mengapa pemilik, bukan pengusul, yang menguji.
                    Pengusul ingin satu kasusnya membaik. Pemilik menjaga kasus-kasus yang sudah
                    baik.

                    ## Mulai dari kecil

                    Jangan membuka perpustakaan dengan lokakarya. Mulai dari tiga kartu yang dipakai
                    setiap hari, letakkan di tempat orang sudah bekerja, dan tambahkan satu setiap
                    kali seseorang bertanya "bagaimana caramu melakukannya?"
                """,
            questions=(
                Question(
                    "easy",
                    "Ukuran mana yang menunjukkan bahwa perpustakaan prompt berguna?",
                    (
                        "Jumlah prompt yang terkumpul",
                        "Jumlah orang yang punya akses",
                        "Jumlah prompt yang dipakai minggu ini",
                    ),
                    right=2,
                    because=(
                        "Koleksi dan akses dapat tumbuh tanpa seorang pun memakainya. Pemakaian "
                        "tidak."
                    ),
                ),
                Question(
                    "medium",
                    "Mengapa pemilik kartu yang menguji usul perubahan, bukan pengusulnya?",
                    (
                        (
                            "Pengusul melihat kasus yang ingin diperbaikinya, pemilik menjaga "
                            "semua kasus"
                        ),
                        (
                            "Pengusul belum terlatih menilai, sehingga hasil ujinya tidak dapat "
                            "dipercaya"
                        ),
                        "Pemilik lebih mahir menulis prompt",
                    ),
                    right=0,
                    because=(
                        "Perubahan yang menolong satu kasus dapat merusak kasus lain. Seseorang "
                        "harus bertanggung jawab atas keseluruhannya."
                    ),
                ),
                Question(
                    "medium",
                    (
                        'Setelah kata "lengkap" ditambahkan, model menjawab "bisa" pada '
                        "pertanyaan yang tidak dijawab oleh kartu. Apa pelajarannya?"
                    ),
                    (
                        "Masukan ujinya terlalu sulit dan perlu dihapus",
                        "Kata yang tampak tidak berbahaya dapat mendorong model mengarang",
                        "Model perlu diganti dengan yang lebih besar",
                    ),
                    right=1,
                    because=(
                        "Meminta kelengkapan tanpa menambah bahan mengundang tebakan. Karena itu "
                        "perubahan satu kata pun diuji."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Biaya, Waktu, dan Energi",
            description="Menghitung apakah sebuah otomatisasi benar-benar menghemat.",
            minutes=10,
            content="""
                    Biaya langganan mudah dilihat. Biaya memeriksa tidak. Keduanya perlu masuk
                    hitungan.

                    ## Hitungan di satu lembar

                    Waktu lama per tugas, dikurangi waktu menyiapkan bahan, dikurangi waktu
                    memeriksa, dikurangi waktu memperbaiki. Kalikan dengan jumlah tugas, ubah
                    menjadi rupiah dengan biaya satu jam kerja, lalu kurangi biaya layanan. Hasil
                    negatif bukan aib; ia petunjuk bahwa tugas itu belum cocok.

                    ## Memilih model

                    Model besar lebih mahal dan sering lebih lambat. Untuk memilah pesan ke lima
                    kotak, model kecil biasanya cukup. Ujilah dengan sepuluh tugas dari pelajaran
                    sebelumnya, mulai dari yang termurah.

                    ## Menghemat token

                    Potong bahan, jangan mengulang dokumen yang sama di setiap pesan, mulai
                    percakapan baru bila topik berganti. Penghematan ini sekaligus mengurangi energi
                    yang dipakai dan mempercepat jawaban.

                    Catat angka Anda sendiri selama dua minggu. Angka dari brosur dihitung pada
                    pekerjaan orang lain.

                    ## Contoh hitungan

                    Tugas: membalas pertanyaan rutin, dua puluh kali sehari. Cara lama enam menit.
                    Dengan rancangan AI: setengah menit menyiapkan, satu setengah menit memeriksa,
                    dan satu dari lima balasan perlu diperbaiki dua menit. Rata-rata 2,4 menit.
                    Hemat 3,6 menit per balasan, atau 72 menit sehari. Angka ini milik contoh; angka
                    Anda akan berbeda, dan justru itu alasan untuk mencatatnya.

                    Perhatikan bagian yang tidak tampak: bila pemeriksaan dihapus, hematnya
                    bertambah setengah jam. Godaan itu datang pada minggu kedua. Satu balasan salah
                    tentang biaya, lengkap dengan keluhan dan permintaan maafnya, dapat menghabiskan
                    hemat berhari-hari.

                    ## Kapan biaya awal kembali

                    Menyiapkan otomatisasi juga memakan waktu: menulis prompt, mengumpulkan masukan
                    uji, melatih rekan. Lanjutan contoh di atas, dengan 22 hari kerja:

                    | Pos | Per bulan |
                    |---|---|
                    | Waktu yang dihemat, 72 menit sehari | 26,4 jam |
                    | Merawat prompt dan uji ulang | -3 jam |
                    | Memperbaiki balasan yang lolos dan salah | -2 jam |
                    | Hemat bersih | 21,4 jam |

                    Jika persiapannya 40 jam, waktu itu kembali dalam dua bulan. Jika tugasnya hanya
                    muncul dua kali sehari, hemat kotornya 2,6 jam sebulan, lebih kecil daripada
                    waktu merawatnya. Untuk tugas seperti itu cukup simpan prompt yang baik;
                    otomatisasi tidak diperlukan.

                    ## Menulis hasilnya dengan jujur

                    Laporkan rentang, bukan satu angka: "antara 15 dan 25 jam, diukur dua minggu
                    oleh tiga orang". Sebutkan apa yang tidak diukur. Jam yang dihemat pun baru
                    berarti bila jelas dipakai untuk apa; bila tidak, ia habis tanpa bekas, dan
                    bulan depan tidak ada yang percaya pada hitungan Anda.
                """,
            questions=(
                Question(
                    "easy",
                    "Biaya mana yang paling sering terlupakan saat menghitung hemat?",
                    (
                        "Biaya langganan layanan",
                        "Waktu orang untuk memeriksa hasil",
                        "Biaya melatih model dari awal",
                    ),
                    right=1,
                    because=(
                        "Langganan tertulis di tagihan. Waktu memeriksa tersebar di hari kerja "
                        "banyak orang, jadi perlu dicatat dengan sengaja."
                    ),
                ),
                Question(
                    "medium",
                    "Tugasnya memilah pesan ke lima kotak. Dari model mana pengujian dimulai?",
                    (
                        "Dari yang terbesar, supaya tahu hasil terbaik yang mungkin",
                        "Dari yang terbaru, karena harganya akan turun",
                        "Dari yang termurah yang mungkin cukup",
                    ),
                    right=2,
                    because=(
                        "Bila model kecil lulus sepuluh tugas uji, yang lebih besar tidak "
                        "diperlukan. Bila gagal, Anda tahu pada tugas yang mana."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Sebuah tugas muncul dua kali sehari dan hemat 3,6 menit setiap kali. "
                        "Merawat otomatisasinya tiga jam sebulan. Apa kesimpulannya?"
                    ),
                    (
                        "Merawatnya lebih mahal daripada hematnya",
                        "Hematnya sekitar 26 jam sebulan",
                        "Hematnya menutup biaya setelah dua bulan",
                    ),
                    right=0,
                    because=(
                        "Dua kali 3,6 menit dalam 22 hari adalah sekitar 2,6 jam, kurang dari "
                        "tiga jam."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Menyusun Kesepakatan Tim",
            description="Satu halaman aturan main yang dibaca, dipahami, dan dapat diubah.",
            minutes=10,
            content="""
                    Larangan total mendorong orang memakai AI diam-diam. Kebebasan total memindahkan
                    risiko kepada yang paling tidak tahu. Tim membutuhkan kesepakatan satu halaman.

                    ## Isi halaman itu

                    1. **Boleh**: tugas yang bebas memakai AI, dengan contoh.
                    2. **Boleh dengan pemeriksaan**: siapa yang memeriksa dan bagaimana.
                    3. **Tidak**: data dan keputusan yang tidak boleh masuk.
                    4. **Layanan**: akun mana yang dipakai.
                    5. **Terbuka**: kapan pembaca diberi tahu.
                    6. **Salah**: ke mana melapor, tanpa dihukum karena melapor.

                    Butir keenam menentukan. Kesalahan yang disembunyikan terulang; yang dilaporkan
                    menjadi masukan uji.

                    Contoh halaman itu pada sebuah tim layanan pelanggan:

                    | Kotak | Isi |
                    |---|---|
                    | Boleh | ide judul, rumus dengan angka karangan, latihan menjawab |
                    | Dengan pemeriksaan | balasan pelanggan; dibaca pengirim sebelum dikirim |
                    | Tidak | NIK, slip gaji, rekam medis; menilai pelamar |
                    | Layanan | akun kantor saja, bukan akun pribadi |
                    | Terbuka | bila pelanggan bertanya, jawab apa adanya |
                    | Salah | kanal "lapor-ai", dibaca Sari setiap pagi |

                    Setiap baris menyebut benda atau orang, bukan sikap. "Gunakan AI secara bijak"
                    tidak dapat dilanggar, jadi juga tidak dapat dipatuhi.

                    ## Menyusunnya bersama

                    Mulai dari lima kejadian nyata, bukan dari prinsip. Untuk tiap kejadian, tim
                    memilih kotaknya. Perdebatan tentang kejadian menghasilkan aturan yang dipahami;
                    perdebatan tentang prinsip menghasilkan poster.

                    Tinjau setiap tiga bulan. Beri tanggal pada halaman itu, dan sebutkan siapa yang
                    berwenang mengubahnya.

                    ## Contoh kejadian

                    *Seorang rekan menempelkan slip gaji ke chatbot untuk menghitung potongan.*
                    Kotak mana? Hampir semua orang menjawab "tidak". *Seorang rekan meminta rumus
                    potongan dengan angka karangan.* Boleh. *Seorang rekan meminta AI menilai dua
                    pelamar.* Di sini ruangan terbelah, dan percakapan yang sebenarnya dimulai.
                    Tulis hasilnya beserta alasannya; alasan itu akan menjawab kejadian yang belum
                    terpikirkan.

                    Pada tim tadi, keputusannya: AI boleh merapikan daftar pertanyaan wawancara,
                    tetapi tidak menilai atau mengurutkan orang. Alasannya dua. Pelamar tidak tahu,
                    dan tidak seorang pun dapat menjelaskan mengapa seseorang berada di urutan
                    kelima. Sebulan kemudian muncul kejadian yang tidak pernah dibahas: memilih
                    karyawan teladan dengan AI. Alasan yang sama menjawabnya tanpa rapat baru.

                    ## Mencobanya sebelum berlaku

                    Berikan halaman itu kepada dua rekan yang tidak ikut menyusun, bersama tiga
                    kejadian baru. Minta mereka menjawab sendiri-sendiri. Jika jawabannya sama,
                    kalimatnya jelas. Jika berbeda, perbaiki kalimatnya sebelum membagikannya;
                    jangan menambah rapat penjelasan, sebab rekan yang baru masuk tahun depan hanya
                    akan membaca halamannya.
                """,
            questions=(
                Question(
                    "medium",
                    (
                        "Mengapa orang yang melaporkan kesalahannya sendiri tidak dihukum karena "
                        "melapor?"
                    ),
                    (
                        "Supaya jumlah laporan memenuhi target",
                        "Karena kesalahan dengan AI selalu kesalahan alatnya",
                        "Supaya kesalahan terlihat dan dapat dicegah",
                    ),
                    right=2,
                    because=(
                        "Bila melapor berbahaya, orang diam, dan kesalahan yang sama terulang di "
                        "meja lain."
                    ),
                ),
                Question(
                    "easy",
                    "Dari mana kesepakatan tim sebaiknya disusun?",
                    (
                        "Dari beberapa kejadian nyata yang dibahas bersama",
                        "Dari daftar prinsip yang berlaku umum",
                        "Dari syarat layanan penyedia",
                    ),
                    right=0,
                    because=(
                        "Kejadian memaksa tim menentukan batasnya. Prinsip mudah disetujui tanpa "
                        "ada yang berubah."
                    ),
                ),
                Question(
                    "medium",
                    "Kalimat mana yang paling berguna di halaman kesepakatan?",
                    (
                        '"Gunakan AI secara bijak dan bertanggung jawab."',
                        '"Slip gaji dan NIK tidak ditempel ke layanan mana pun."',
                        '"Setiap orang wajib mengikuti perkembangan AI."',
                    ),
                    right=1,
                    because=(
                        "Orang dapat memeriksa apakah kalimat itu dipatuhi. Dua kalimat lain "
                        "tidak menyebut apa yang boleh atau tidak."
                    ),
                ),
            ),
        ),
    ),
)
