""" "Prompting untuk Profesional", last part: a team's habits."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

TEAM_HABITS: Final[Chapter] = Chapter(
    title="Dari Prompt ke Kebiasaan Tim",
    description=("Menilai hasil, berbagi prompt, menghitung biaya, dan menetapkan batas bersama."),
    lessons=(
        LessonItem(
            title="Menilai Mutu secara Tertib",
            description="Sepuluh contoh, satu rubrik, dan penilaian tanpa melihat nama.",
            minutes=9,
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
                    "Mengapa nama model disembunyikan saat menilai?",
                    (
                        "Supaya harapan tidak memengaruhi nilai",
                        "Karena rahasia dagang",
                        "Supaya lebih cepat",
                    ),
                    right=0,
                    because="Penilai cenderung memberi nilai sesuai dugaan.",
                ),
                Question(
                    "medium",
                    ("Dua penilai sering berbeda. Apa yang diperbaiki lebih dulu?"),
                    ("Model", "Rubrik", "Jumlah tugas"),
                    right=1,
                    because="Perbedaan menandakan kriteria yang kabur.",
                ),
            ),
        ),
        LessonItem(
            title="Perpustakaan Prompt Bersama",
            description=(
                "Satu berkas yang terawat lebih berguna daripada seratus tangkapan layar."
            ),
            minutes=7,
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
                    sebabnya. Cerita gagal lebih banyak mengajar.

                    ## Contoh satu kartu

                    *Nama:* balasan pertanyaan jam buka. *Pemilik:* meja depan. *Prompt:* tulis
                    balasan ramah paling banyak 40 kata kepada [pesan]; jam buka: [jam]. *Dilarang:*
                    nama dan nomor pelanggan. *Periksa:* jam pada hari libur. *Uji terakhir:* awal
                    bulan ini.

                    Kartu itu hanya enam baris, tetapi petugas pengganti dapat bekerja pada hari
                    pertamanya. Yang paling berharga bukan teks promptnya, melainkan baris
                    "periksa": di situlah pengalaman orang sebelumnya tersimpan.

                    ## Mulai dari kecil

                    Jangan membuka perpustakaan dengan lokakarya. Mulai dari tiga kartu yang dipakai
                    setiap hari, letakkan di tempat orang sudah bekerja, dan tambahkan satu setiap
                    kali seseorang bertanya "bagaimana caramu melakukannya?"
                """,
            questions=(
                Question(
                    "easy",
                    "Apa yang membedakan perpustakaan dari museum?",
                    ("Jumlah prompt", "Berapa yang benar-benar dipakai", "Desain halamannya"),
                    right=1,
                    because="Pemakaian adalah ukuran yang jujur.",
                ),
                Question(
                    "medium",
                    "Siapa yang menjalankan uji sebelum perubahan diterima?",
                    ("Pemilik prompt", "Siapa pun yang lewat", "Tidak ada"),
                    right=0,
                    because="Satu pemilik membuat tanggung jawab jelas.",
                ),
            ),
        ),
        LessonItem(
            title="Biaya, Waktu, dan Energi",
            description="Menghitung apakah sebuah otomatisasi benar-benar menghemat.",
            minutes=8,
            content="""
                    Biaya langganan mudah dilihat. Biaya memeriksa tidak. Keduanya perlu masuk
                    hitungan.

                    ## Hitungan di satu lembar

                    Waktu lama per tugas, dikurangi waktu menyiapkan bahan, dikurangi waktu
                    memeriksa, dikurangi waktu memperbaiki. Kalikan dengan jumlah tugas. Kurangi
                    biaya layanan. Hasil negatif bukan aib; ia petunjuk bahwa tugas itu belum cocok.

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
                    dan satu dari lima balasan perlu diperbaiki dua menit. Rata-rata kira-kira dua
                    setengah menit. Hemat tiga setengah menit per balasan, sedikit lebih dari satu
                    jam sehari. Angka ini milik contoh; angka Anda akan berbeda, dan justru itu
                    alasan untuk mencatatnya.

                    Perhatikan bagian yang tidak tampak: bila pemeriksaan dihapus, hematnya
                    bertambah setengah jam. Godaan itu datang pada minggu kedua. Satu balasan salah
                    tentang biaya dapat menghabiskan hemat sebulan.
                """,
            questions=(
                Question(
                    "easy",
                    "Biaya mana yang paling sering dilupakan?",
                    ("Langganan", "Waktu memeriksa", "Listrik kantor"),
                    right=1,
                    because="Pemeriksaan memakan waktu orang, dan jarang dicatat.",
                ),
                Question(
                    "medium",
                    "Dari model mana pengujian dimulai?",
                    ("Termahal", "Termurah yang mungkin cukup", "Terbaru"),
                    right=1,
                    because="Bila yang kecil lulus uji, yang besar tidak diperlukan.",
                ),
            ),
        ),
        LessonItem(
            title="Menyusun Kesepakatan Tim",
            description="Satu halaman aturan main yang dibaca, dipahami, dan dapat diubah.",
            minutes=8,
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

                    ## Menyusunnya bersama

                    Mulai dari lima kejadian nyata, bukan dari prinsip. Untuk tiap kejadian, tim
                    memilih kotaknya. Perdebatan tentang kejadian menghasilkan aturan yang dipahami;
                    perdebatan tentang prinsip menghasilkan poster.

                    Tinjau setiap tiga bulan. Beri tanggal pada halaman itu, dan sebutkan siapa yang
                    berwenang mengubahnya. Kursus ini selesai di sini, tetapi kebiasaannya baru
                    dimulai: pilih satu tugas besok pagi, dan kerjakan dengan tertib.

                    ## Contoh kejadian

                    *Seorang rekan menempelkan slip gaji ke chatbot untuk menghitung potongan.*
                    Kotak mana? Hampir semua orang menjawab "tidak". *Seorang rekan meminta rumus
                    potongan dengan angka karangan.* Boleh. *Seorang rekan meminta AI menilai dua
                    pelamar.* Di sini ruangan terbelah, dan percakapan yang sebenarnya dimulai.
                    Tulis hasilnya beserta alasannya; alasan itu akan menjawab kejadian yang belum
                    terpikirkan.
                """,
            questions=(
                Question(
                    "medium",
                    "Mengapa melapor kesalahan tidak boleh dihukum?",
                    (
                        "Supaya kesalahan terlihat dan tidak terulang",
                        "Supaya laporan banyak",
                        "Karena kesalahan itu lucu",
                    ),
                    right=0,
                    because="Kesalahan yang disembunyikan tidak dapat diperbaiki.",
                ),
                Question(
                    "easy",
                    "Dari mana kesepakatan sebaiknya mulai?",
                    ("Dari prinsip umum", "Dari kejadian nyata", "Dari kontrak penyedia"),
                    right=1,
                    because="Kejadian nyata membuat aturannya dipahami.",
                ),
                Question(
                    "medium",
                    "Apa risiko larangan total?",
                    ("Biaya naik", "Model tersinggung", "AI dipakai diam-diam tanpa pemeriksaan"),
                    right=2,
                    because="Pemakaian tersembunyi adalah pemakaian tanpa aturan.",
                ),
            ),
        ),
    ),
)
